package io.chasqui.core.message;

import io.chasqui.core.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A body too large for one record, stored part by part while it comes in, so that no message is
 * ever held in memory whole. The message's own record, written last, lists the parts; without it
 * they mean nothing, so a publisher that dies on the way leaves nothing behind.
 *
 * <p>Each part holds one live reference on its segment until the last queue is done with the
 * message. Belongs to the publishing shard until it is published.
 */
public final class LargeBody {

    private static final int ENTRY_BYTES = Long.BYTES + Integer.BYTES;

    private final MessageStore store;
    private final boolean durable;
    private long[] positions = new long[16];
    private int[] lengths = new int[16];
    private int parts;
    private long bytes;

    /** Another body with the same bytes, while this one comes in. */
    private @Nullable LargeBody copy;

    LargeBody(MessageStore store, boolean durable) {
        this.store = store;
        this.durable = durable;
    }

    LargeBody(MessageStore store, boolean durable, Parts found) {
        this(store, durable);
        for (int i = 0; i < found.positions.length; i++) {
            note(found.positions[i], found.lengths[i]);
        }
    }

    /** Where the parts of a stored body are. */
    public record Parts(long[] positions, int[] lengths) {

        /** Whether the parts survive a restart. */
        boolean areDurable() {
            return positions.length > 0 && !MessageStore.isTransient(positions[0]);
        }

        /** Bytes of the whole body. */
        public long bytes() {
            long sum = 0;
            for (int length : lengths) {
                sum += length;
            }
            return sum;
        }
    }

    /** Reads a list of parts as {@link #list} wrote it, and moves the buffer's position behind it. */
    public static Parts readList(ByteBuffer list) {
        int count = list.getInt();
        if (count < 0 || count > list.remaining() / ENTRY_BYTES) {
            throw new StoreException("a list of " + count + " body parts does not fit its record");
        }
        Parts parts = new Parts(new long[count], new int[count]);
        for (int i = 0; i < count; i++) {
            parts.positions[i] = list.getLong();
            parts.lengths[i] = list.getInt();
        }
        return parts;
    }

    /** The record of a message whose body is stored in parts as a small one has it, without its body. */
    public static ByteBuffer withoutList(ByteBuffer record, int at) {
        ByteBuffer image =
                record.slice(
                        StoredMessage.imageAt(record, at), StoredMessage.imageLength(record, at));
        Parts unused = readList(image);
        return StoredMessage.withoutTargets(record, at, image.remaining()).put(image);
    }

    /** Stores the next bytes of the body. */
    public void add(ByteBuffer source, int at, int length) {
        int most = store.maxContentBytes();
        for (int from = 0; from < length; from += most) {
            int some = Math.min(most, length - from);
            note(store.appendPart(durable, source, at + from, some), some);
        }
        if (copy != null) {
            copy.add(source, at, length);
        }
    }

    /** From now on another body, a transient one, gets all bytes that this one does. */
    public void keepCopy() {
        copy = store.beginLarge(false);
    }

    /** The copy that was kept, which is the caller's now. */
    public LargeBody takeCopy() {
        LargeBody taken = Objects.requireNonNull(copy);
        copy = null;
        return taken;
    }

    private synchronized void note(long position, int length) {
        if (parts == positions.length) {
            positions = Arrays.copyOf(positions, parts * 2);
            lengths = Arrays.copyOf(lengths, parts * 2);
        }
        positions[parts] = position;
        lengths[parts++] = length;
        bytes += length;
    }

    /** Bytes stored so far. */
    public long bytes() {
        return bytes;
    }

    public boolean isDurable() {
        return durable;
    }

    /** Where the parts are, in the body's order. Any thread. */
    synchronized long[] positions() {
        return Arrays.copyOf(positions, parts);
    }

    /** Gives the parts up: the message will not be published, or nobody needs it any more. */
    public void release() {
        store.largeBodies().ended(this);
        if (copy != null) {
            copy.release();
            copy = null;
        }
        for (long position : positions()) {
            store.release(position, 1);
        }
    }

    /** Bytes of {@link #list}. */
    public int listBytes() {
        return Integer.BYTES + parts * ENTRY_BYTES;
    }

    /** Writes the list of parts as a LARGE record's image begins: u32 count, then u64 and u32 each. */
    void list(ByteBuffer target) {
        target.putInt(parts);
        for (int i = 0; i < parts; i++) {
            target.putLong(positions[i]).putInt(lengths[i]);
        }
    }
}
