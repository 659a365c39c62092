package io.chasqui.server.amqp10;

import io.chasqui.core.queue.Settlement;
import io.chasqui.core.session.Subscription;
import io.chasqui.core.session.Transaction;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Outcome;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.transaction.TransactionalState;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that a client has declared and not discharged: what it posts and retires within it, put
 * off until then (1.0 §4.4).
 */
final class OpenTransaction {

    private final Binary id;
    private final CoordinatorLink coordinator;
    private final Transaction work;
    private final NavigableMap<Long, Retired> retired = new TreeMap<>();
    private final NavigableMap<Long, Subscription> acquired = new TreeMap<>();
    private final byte[] acquisition;
    private final Set<Subscription> owners = Collections.newSetFromMap(new IdentityHashMap<>());
    private final TransactionalState accepted;
    private final TransactionalState released;
    private @Nullable String failure;
    private boolean discharging;
    private boolean over;

    /**
     * A delivery that the client had, and its outcome if the transaction is committed.
     *
     * @param settled whether the client has forgotten it, whatever becomes of the transaction
     */
    record Retired(Outcome outcome, boolean settled) {}

    OpenTransaction(Binary id, CoordinatorLink coordinator, Transaction work) {
        this.id = id;
        this.coordinator = coordinator;
        this.work = work;
        this.acquisition = TransactionTypes.acquisition(id);
        this.accepted = presume(Accepted.getInstance());
        this.released = presume(Released.getInstance());
    }

    Binary id() {
        return id;
    }

    /** Where it was declared. */
    CoordinatorLink coordinator() {
        return coordinator;
    }

    /** What the core does at the commit. */
    Transaction work() {
        return work;
    }

    // -- posting

    /** The state of a delivery whose outcome will be this one if the transaction is committed. */
    TransactionalState presumed(DeliveryState outcome) {
        return switch (outcome) {
            case Accepted _ -> accepted;
            case Released _ -> released;
            case Outcome other -> presume(other);
            default -> throw new IllegalArgumentException("no outcome: " + outcome);
        };
    }

    private TransactionalState presume(Outcome outcome) {
        TransactionalState state = new TransactionalState();
        state.setTxnId(id);
        state.setOutcome(outcome);
        return state;
    }

    /** A message of it was refused: it can only be rolled back. */
    void fail(String why) {
        failure = why;
    }

    /** Why it can only be rolled back; null if nothing has failed. */
    @Nullable String failure() {
        return failure;
    }

    // -- acquiring

    /** The state of a delivery that is acquired in it, as it is written. */
    byte[] acquisition() {
        return acquisition;
    }

    /** A delivery goes out in it; a rollback takes it back. */
    void acquire(long tag, Subscription owner) {
        acquired.put(tag, owner);
    }

    /** A delivery did not go out after all. */
    void undoAcquire(long tag) {
        acquired.remove(tag);
    }

    /** A link is gone, and what the client had of it. */
    void forget(Subscription owner) {
        acquired.values().removeIf(each -> each == owner);
    }

    /** The deliveries that were acquired in it, by their tags; also those that are retired by now. */
    NavigableMap<Long, Subscription> acquired() {
        return acquired;
    }

    /** Whether a delivery of a range is acquired in it and not retired. */
    boolean hasAcquired(long firstTag, long lastTag) {
        return acquired.subMap(firstTag, true, lastTag, true).keySet().stream()
                .anyMatch(tag -> !retired.containsKey(tag));
    }

    // -- retiring

    /** A delivery gets this outcome at the commit, and these annotations, if they are not null. */
    void retire(
            long tag,
            Subscription owner,
            long seq,
            long position,
            Outcome outcome,
            Settlement settlement,
            boolean settled,
            @Nullable ByteBuffer annotations) {
        retired.put(tag, new Retired(outcome, settled));
        owners.add(owner);
        work.settle(tag, owner, seq, position, settlement);
        if (annotations != null) {
            work.settleInstead(tag, settlement, annotations);
        }
    }

    /** Whether deliveries of that link are retired in it. */
    boolean concerns(Subscription receiver) {
        return owners.contains(receiver);
    }

    /** The client says more of deliveries that it has retired: another outcome, or that it forgets them. */
    void amend(
            long firstTag,
            long lastTag,
            @Nullable Outcome outcome,
            @Nullable Settlement settlement,
            boolean settled) {
        for (Map.Entry<Long, Retired> entry : held(firstTag, lastTag).entrySet()) {
            Retired known = entry.getValue();
            if (outcome != null && settlement != null && !outcome.equals(known.outcome)) {
                work.settleInstead(entry.getKey(), settlement, null);
                entry.setValue(new Retired(outcome, known.settled || settled));
            } else {
                entry.setValue(new Retired(known.outcome, known.settled || settled));
            }
        }
    }

    /** The deliveries of a range that are retired in it, by their tags. */
    NavigableMap<Long, Retired> held(long firstTag, long lastTag) {
        return retired.subMap(firstTag, true, lastTag, true);
    }

    /** All deliveries that are retired in it. */
    NavigableMap<Long, Retired> held() {
        return retired;
    }

    // -- its end

    /** It is to be committed as soon as its queues have said that they have room. */
    void discharge() {
        discharging = true;
    }

    /** Whether something may be added to it: it is neither over nor being discharged. */
    boolean isOpen() {
        return !discharging && !over;
    }

    /** Whether its queues are being asked if they have room. */
    boolean isDischarging() {
        return discharging;
    }

    /** It is committed or rolled back. */
    void end() {
        over = true;
    }

    boolean isOver() {
        return over;
    }
}
