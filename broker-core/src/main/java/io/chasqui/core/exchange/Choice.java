package io.chasqui.core.exchange;

import org.jspecify.annotations.Nullable;

/** What a {@link ChoiceRule} makes of the bindings of one moment: immutable, for any thread. */
interface Choice {

    /** Where the message goes; null if there is no binding. */
    @Nullable Destination destinationOf(RoutedMessage message);
}
