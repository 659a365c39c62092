package io.chasqui.core.session;

import io.chasqui.core.message.LargeBody;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.message.ReadPool;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.store.ColdRead;
import io.chasqui.core.store.RecordLayout;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a message whose body is stored in parts together again, into one record as a small message
 * has it, part after part. Moves from the reader's thread to the reader's thread; used once.
 */
final class LargeAssembly {

    private static final Logger LOG = LoggerFactory.getLogger(LargeAssembly.class);

    private final MessageStore store;
    private final Done done;
    private LargeBody.Parts parts = new LargeBody.Parts(new long[0], new int[0]);
    private ByteBuffer whole = ByteBuffer.allocate(0);
    private int next;

    /** Told of the end, on some thread. */
    interface Done {

        /**
         * @param record null if a part of it cannot be read
         * @param at where the record begins, or why it is not there, as in {@link ColdRead#at}
         */
        void assembled(@Nullable ByteBuffer record, int at);
    }

    LargeAssembly(MessageStore store, Done done) {
        this.store = store;
        this.done = done;
    }

    /**
     * @param position where the message's own record is
     * @param length its bytes
     */
    void begin(long position, int length) {
        read(position, length, this::listed);
    }

    private void read(long position, int length, Consumer<ReadPool.Borrowed> taken) {
        ReadPool.@Nullable Borrowed read =
                store.reads().borrow(() -> read(position, length, taken));
        if (read != null) {
            read.order().add(MessageStore.plain(position), length);
            read.read(
                    store.readerOf(position),
                    arrived -> {
                        int at = arrived.order().at(0);
                        boolean fits = at >= 0 && fits(arrived, taken);
                        arrived.giveBack();
                        if (fits) {
                            readNext();
                        } else {
                            done.assembled(null, Math.min(at, -1));
                        }
                    });
        }
    }

    /** Takes over what was read; false if it is not what should stand there. */
    private static boolean fits(ReadPool.Borrowed read, Consumer<ReadPool.Borrowed> taken) {
        try {
            taken.accept(read);
            return true;
        } catch (RuntimeException e) {
            LOG.error("a message stored in parts cannot be put together", e);
            return false;
        }
    }

    private void listed(ReadPool.Borrowed read) {
        ByteBuffer data = read.order().data();
        int at = read.order().at(0);
        int imageAt = StoredMessage.imageAt(data, at);
        ByteBuffer image = data.slice(imageAt, StoredMessage.imageLength(data, at));
        parts = LargeBody.readList(image);
        whole =
                StoredMessage.withoutTargets(
                        data, at, Math.toIntExact(image.remaining() + parts.bytes()));
        whole.put(image);
    }

    private void readNext() {
        if (next == parts.positions().length) {
            done.assembled(whole, 0);
            return;
        }
        int part = next++;
        int length = RecordLayout.HEADER_BYTES + parts.lengths()[part];
        read(parts.positions()[part], length, this::append);
    }

    private void append(ReadPool.Borrowed read) {
        ByteBuffer data = read.order().data();
        int at = read.order().at(0);
        whole.put(data.slice(RecordLayout.payloadAt(at), RecordLayout.payloadBytes(data, at)));
    }
}
