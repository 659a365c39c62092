package io.chasqui.core.message;

import org.jspecify.annotations.Nullable;

/** Reads the application headers of a message where they lie, one after the other. */
public interface HeaderCursor {

    /** The headers of a message that has none. */
    HeaderCursor NONE =
            new HeaderCursor() {
                @Override
                public boolean next() {
                    return false;
                }

                @Override
                public String name() {
                    throw new IllegalStateException("there is no header");
                }

                @Override
                public @Nullable Object value() {
                    throw new IllegalStateException("there is no header");
                }
            };

    /** Goes on to the next header; false if there is none. */
    boolean next();

    String name();

    /**
     * Decodes the value to a type that {@link io.chasqui.core.definition.Arguments} lists. What
     * nobody asks for is not decoded.
     */
    @Nullable Object value();
}
