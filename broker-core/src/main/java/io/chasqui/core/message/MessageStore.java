package io.chasqui.core.message;

import io.chasqui.core.shard.Shard;
import io.chasqui.core.store.CommitLog;
import io.chasqui.core.store.LogReader;
import io.chasqui.core.store.Lsn;
import io.chasqui.core.store.RecordLayout;
import io.chasqui.core.store.RecordType;
import io.chasqui.core.time.Clock;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where messages live: one durable log that survives a crash, one transient log that stays in
 * memory while it can and spills to disk when it must. A message's <i>position</i> says which of
 * the two, and where in it.
 *
 * <p>Every copy of a message in a queue holds one live reference on its log segment, given back by
 * {@link #release}. A segment without live references is reclaimed. Safe for use by every shard.
 */
public final class MessageStore implements Shard.LogTap {

    private final CommitLog durable;
    private final CommitLog transientLog;
    private final LogReader durableReader;
    private final LogReader transientReader;
    private final Clock clock;
    private final MessageFormats formats;
    private final LargeBodies largeBodies = new LargeBodies();
    private final ReadPool reads;
    private final AnnotationRoom annotationRoom = new AnnotationRoom();
    private final long openedMs;

    /**
     * @param readBytes memory for reading messages that are no longer in the logs' rings
     * @param formats of the messages that are stored
     * @param clock stamps records; its wall clock should not jump, since messages age by it
     */
    public MessageStore(
            CommitLog durable,
            CommitLog transientLog,
            long readBytes,
            MessageFormats formats,
            Clock clock) {
        this.durable = durable;
        this.transientLog = transientLog;
        this.durableReader = LogReader.of(durable);
        this.transientReader = LogReader.of(transientLog);
        this.reads = new ReadPool(readBytes);
        this.formats = formats;
        this.clock = clock;
        this.openedMs = clock.wallMs();
    }

    /** Largest content (names and image together) that fits one record, whatever its queues. */
    public int maxContentBytes() {
        return Math.min(durable.maxRecordBytes(), transientLog.maxRecordBytes()) / 2;
    }

    /**
     * Largest transaction: what it appends at its commit must find room in the logs' rings at once,
     * and the record that names its parts in one record.
     */
    public long maxTransactionBytes() {
        int ring = Math.min(durable.geometry().ringBytes(), transientLog.geometry().ringBytes());
        return Math.min(ring / 4, 4L * durable.maxRecordBytes());
    }

    /**
     * Stores a message once for all its queues.
     *
     * @param queueIds ids of the durable queues among the targets if the message is persistent;
     *     with none, the message goes to the transient log
     * @param idCount how many of {@code queueIds} count
     * @param references copies of the message in queues of either kind
     * @param awaited whether somebody waits for the message to be on disk
     * @return the message's position
     */
    public long append(
            Content content,
            long[] queueIds,
            int idCount,
            int references,
            int format,
            boolean awaited) {
        return append(0, content, queueIds, idCount, references, format, awaited);
    }

    /**
     * {@link #append(Content, long[], int, int, int, boolean)} with a record's flags: {@link
     * RecordLayout#IN_TRANSACTION} or none.
     */
    public long append(
            int flags,
            Content content,
            long[] queueIds,
            int idCount,
            int references,
            int format,
            boolean awaited) {
        CommitLog log = idCount == 0 ? transientLog : durable;
        long lsn =
                log.begin(
                        RecordType.PUBLISH,
                        flags | content.flags(),
                        idCount,
                        references,
                        format,
                        Math.max(content.priority(), 0),
                        content.namesLength(),
                        wallMs(),
                        recordBytes(content, idCount) - RecordLayout.HEADER_BYTES);
        boolean whole = false;
        try {
            ByteBuffer buffer = log.buffer();
            int at = log.payloadAt();
            for (int i = 0; i < idCount; i++, at += Long.BYTES) {
                buffer.putLong(at, queueIds[i]);
            }
            if (content.flags() != 0) {
                at = content.putMore(buffer, at);
            }
            content.copyTo(buffer, at);
            whole = true;
        } finally {
            log.endIf(whole, awaited);
        }
        return idCount == 0 ? lsn | Lsn.TRANSIENT : lsn;
    }

    // -- large messages

    /** Begins a body that is too large for one record; durable if any of its queues needs that. */
    public LargeBody beginLarge(boolean forDurable) {
        LargeBody body = new LargeBody(this, forDurable);
        largeBodies.begun(body);
        return body;
    }

    /** Stores a part of a large body, with one live reference on it; returns its position. */
    long appendPart(boolean forDurable, ByteBuffer source, int at, int length) {
        CommitLog log = forDurable ? durable : transientLog;
        long lsn = log.begin(RecordType.BODY_PART, 0, 0, 1, 0, 0, wallMs(), length);
        boolean whole = false;
        try {
            log.buffer().put(log.payloadAt(), source, at, length);
            whole = true;
        } finally {
            log.endIf(whole, false);
        }
        return forDurable ? lsn : lsn | Lsn.TRANSIENT;
    }

    /**
     * Stores a message whose body is complete in parts; otherwise like {@link #append}.
     *
     * @param content names and the image's head; changed by this call to begin with the parts' list
     */
    public long appendLarge(
            int flags,
            LargeBody body,
            Content content,
            long[] queueIds,
            int idCount,
            int references,
            int format,
            boolean awaited) {
        content.listParts(body);
        long position =
                append(
                        RecordLayout.LARGE | flags,
                        content,
                        queueIds,
                        idCount,
                        references,
                        format,
                        awaited);
        largeBodies.hold(position, body, Arrays.copyOf(queueIds, idCount), references);
        return position;
    }

    /** Takes a durable large message back into the accounts at recovery, its parts' references too. */
    public void restoreLarge(
            long position, LargeBody.Parts parts, long[] queueIds, int references) {
        LargeBody body = new LargeBody(this, true, parts);
        largeBodies.hold(position, body, queueIds, references);
        for (long part : parts.positions()) {
            durable.retain(part, 1);
        }
    }

    /**
     * Stores a further message with the body of one that is stored in parts and still held; otherwise
     * like {@link #append}.
     *
     * @param content names and the image's head; changed by this call to begin with the parts' list
     * @param parts as the held message lists them
     * @param idCount 0 unless the parts are durable
     */
    public long appendLargeAgain(
            LargeBody.Parts parts,
            Content content,
            long[] queueIds,
            int idCount,
            int references,
            int format) {
        for (long part : parts.positions()) {
            logOf(part).retain(plain(part), 1);
        }
        LargeBody again = new LargeBody(this, parts.areDurable(), parts);
        return appendLarge(0, again, content, queueIds, idCount, references, format, false);
    }

    /** One queue is done with a large message. */
    public void releaseLarge(long position) {
        release(position, 1);
        largeBodies.release(position);
    }

    public LargeBodies largeBodies() {
        return largeBodies;
    }

    /** Bytes of the record just appended with this content. */
    public static int recordBytes(Content content, int idCount) {
        return StoredMessage.bytes(
                idCount, content.moreBytes(), content.namesLength(), content.imageLength());
    }

    /** Gives back live references on the segments that the message lies in. */
    public void release(long position, int references) {
        logOf(position).release(plain(position), references);
    }

    /** Whether the message can be read from memory right now. */
    public boolean resident(long position) {
        return logOf(position).resident(plain(position));
    }

    /**
     * Whether the message is in memory and will stay there for a while: other shards would have to
     * append an eighth of the ring before its memory is used again. A reader that may be overtaken
     * asks this before it reads, and {@link #resident} after.
     */
    public boolean safelyResident(long position) {
        CommitLog log = logOf(position);
        long plain = plain(position);
        long oldest = log.tail() - log.geometry().ringBytes() / 8 * 7L;
        return plain >= oldest && log.resident(plain);
    }

    /** The memory a resident message is in; check {@link #resident} again after reading from it. */
    public ByteBuffer memory(long position) {
        return logOf(position).buffer();
    }

    /** Where in {@link #memory} the message's record begins. */
    public int memoryIndex(long position) {
        return logOf(position).ringIndex(plain(position));
    }

    /** The formats of the messages that are stored. */
    public MessageFormats formats() {
        return formats;
    }

    /** Memory for annotations that clients add to messages. */
    public AnnotationRoom annotationRoom() {
        return annotationRoom;
    }

    /** Memory for cold reads. */
    public ReadPool reads() {
        return reads;
    }

    public LogReader readerOf(long position) {
        return isTransient(position) ? transientReader : durableReader;
    }

    /** Removes the mark of the transient log from a position. */
    public static long plain(long position) {
        return position & ~Lsn.TRANSIENT;
    }

    public static boolean isTransient(long position) {
        return (position & Lsn.TRANSIENT) != 0;
    }

    /** The time that records are stamped with, in milliseconds since the epoch. */
    @Override
    public long wallMs() {
        return clock.wallMs();
    }

    /** {@link #wallMs} when the store was opened. */
    public long openedMs() {
        return openedMs;
    }

    @Override
    public long monotonicNs() {
        return clock.monotonicNs();
    }

    public CommitLog durableLog() {
        return durable;
    }

    public CommitLog transientLog() {
        return transientLog;
    }

    @Override
    public long durable() {
        return durable.durable();
    }

    @Override
    public boolean congested() {
        return durable.congested() || transientLog.congested();
    }

    @Override
    public void wakeFlusher() {
        transientLog.wakeFlusher();
        durable.wakeFlusher();
    }

    /** Starts the logs' threads. */
    public void start() {
        durable.start();
        transientLog.start();
        durableReader.start();
        transientReader.start();
    }

    /** Writes and syncs what is left, and closes the logs. */
    public void close() {
        transientReader.close();
        durableReader.close();
        transientLog.close();
        durable.close();
    }

    private CommitLog logOf(long position) {
        return isTransient(position) ? transientLog : durable;
    }
}
