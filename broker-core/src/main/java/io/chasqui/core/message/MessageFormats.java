package io.chasqui.core.message;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The formats of messages that this broker understands, by the tag that is stored with a message. */
public final class MessageFormats {

    private final List<MessageFormat> formats;

    public MessageFormats(List<? extends MessageFormat> formats) {
        this.formats = List.copyOf(formats);
    }

    /** The format of that tag; null if there is none. */
    @Nullable MessageFormat of(int tag) {
        for (MessageFormat format : formats) {
            if (format.tag() == tag) {
                return format;
            }
        }
        return null;
    }

    /** The format of the message in the record at {@code at}; null if it is not known. */
    public @Nullable MessageFormat of(ByteBuffer record, int at) {
        return of(StoredMessage.format(record, at));
    }
}
