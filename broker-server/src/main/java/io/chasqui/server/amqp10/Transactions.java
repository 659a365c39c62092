package io.chasqui.server.amqp10;

import io.chasqui.core.queue.Settlement;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.Publisher;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Subscription;
import io.chasqui.core.session.UnackedLedger;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.Modified;
import org.apache.qpid.proton.amqp.messaging.Outcome;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.transaction.TransactionalState;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that the client of one session has open (1.0 §4). A txn-id means something in the
 * session that it was declared in, and nowhere else.
 *
 * <p>A delivery that is acquired within a transaction goes back to its queue with a rollback, whatever the
 * client has said of it; after a commit it is like any other.
 *
 * <p>A delivery that is retired within a transaction is no longer among the session's unsettled ones. A
 * rollback puts it back there, for the client to retire again; where the client has settled it, or its
 * link is gone, it goes back to its queue.
 */
final class Transactions {

    private static final int ID_BYTES = 8;
    private static final int CHANNEL_SHIFT = 48;

    private final SessionEndpoint session;
    private final UnackedLedger unsettled;
    private final Map<Binary, OpenTransaction> open = new LinkedHashMap<>();

    /** Links that were ended while deliveries of theirs are retired in a transaction. */
    private final Set<Subscription> gone = Collections.newSetFromMap(new IdentityHashMap<>());

    private @Nullable Publisher publisher;
    private long lastNumber;
    private boolean closed;

    Transactions(SessionEndpoint session, UnackedLedger unsettled) {
        this.session = session;
        this.unsettled = unsettled;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Messages that wait for a commit. */
    int messages() {
        return open.values().stream().mapToInt(each -> each.work().messages()).sum();
    }

    /** Settlements that wait for a commit. */
    int settlements() {
        return open.values().stream().mapToInt(each -> each.work().settlements()).sum();
    }

    // -- their beginning

    /**
     * Begins a transaction.
     *
     * @throws Amqp10Error if the session has as many as it may have
     */
    OpenTransaction declare(CoordinatorLink coordinator) {
        if (open.size() >= Amqp10Terms.TRANSACTIONS_MAX) {
            throw Amqp10Error.link(
                    Amqp10Error.RESOURCE_LIMIT,
                    "a session has at most " + Amqp10Terms.TRANSACTIONS_MAX + " transactions open");
        }
        Publisher known = publisher;
        if (known == null) {
            known = session.wire().broker().newPublisher(session.channel());
            publisher = known;
        }
        long number = (long) session.channel() << CHANNEL_SHIFT | ++lastNumber;
        Binary id = new Binary(ByteBuffer.allocate(ID_BYTES).putLong(number).array());
        OpenTransaction begun = new OpenTransaction(id, coordinator, known.newTransaction());
        open.put(id, begun);
        return begun;
    }

    /** The transaction of that id if something can be added to it. */
    private @Nullable OpenTransaction find(Binary id) {
        OpenTransaction found = open.get(id);
        return found != null && found.isOpen() ? found : null;
    }

    /**
     * The transaction that a transfer is part of; null if of none.
     *
     * @param stateAt where its state stands; negative for nowhere
     * @throws Amqp10Error if there is no such transaction
     */
    @Nullable OpenTransaction ofTransfer(ByteBuffer in, int stateAt) {
        Binary id = TransactionTypes.transaction(in, stateAt);
        if (id == null) {
            return null;
        }
        OpenTransaction found = find(id);
        if (found == null) {
            throw unknown(id);
        }
        return found;
    }

    /** A client names a transaction that nothing can be added to. */
    static Amqp10Error unknown(Binary id) {
        return Amqp10Error.link(
                Amqp10Error.TRANSACTION_UNKNOWN_ID, "there is no transaction " + id);
    }

    // -- acquiring

    /**
     * The transaction that a link is to acquire its deliveries in (1.0 §4.4.3).
     *
     * @throws Amqp10Error if there is no such transaction
     */
    OpenTransaction toAcquireIn(Binary id) {
        OpenTransaction found = find(id);
        if (found == null) {
            throw unknown(id);
        }
        return found;
    }

    // -- retiring

    /** Whether a disposition with this state is for {@link #disposition}. */
    boolean concerns(@Nullable DeliveryState state) {
        return !open.isEmpty() || state instanceof TransactionalState;
    }

    /**
     * The client tells what becomes of deliveries, some of which may be retired by now.
     *
     * @throws Amqp10Error if it names a transaction that there is not
     */
    void disposition(int first, int last, boolean settled, @Nullable DeliveryState state) {
        OutgoingDeliveries deliveries = session.deliveries();
        OutgoingDeliveries.checkRange(first, last);
        long from = deliveries.tag(first);
        long to = from + (last - first);
        if (state instanceof TransactionalState within) {
            retire(within, from, to, settled);
        } else if (!elsewhere(null, from, to)) {
            for (OpenTransaction each : open.values()) {
                each.amend(from, to, null, null, settled);
            }
            deliveries.disposition(first, last, settled, state);
        }
    }

    private void retire(TransactionalState state, long from, long to, boolean settled) {
        OpenTransaction transaction = find(state.getTxnId());
        if (transaction == null) {
            throw Amqp10Error.session(
                    Amqp10Error.TRANSACTION_UNKNOWN_ID,
                    "there is no transaction " + state.getTxnId());
        }
        if (elsewhere(transaction, from, to)) {
            return;
        }
        Outcome told = state.getOutcome();
        if (told == null && !settled) {
            return;
        }
        Settlement toldSettlement =
                told instanceof DeliveryState outcome
                        ? OutgoingDeliveries.settlement(outcome)
                        : null;
        ByteBuffer added =
                told instanceof Modified modified && ModifiedAnnotations.any(modified)
                        ? ModifiedAnnotations.of(modified, session.wire()::encode)
                        : null;
        transaction.amend(from, to, told, toldSettlement, settled);
        Outcome outcome = told == null ? Released.getInstance() : told;
        Settlement settlement = toldSettlement == null ? Settlement.RETURNED : toldSettlement;
        try {
            unsettled.settleRange(
                    from,
                    to,
                    (tag, owner, seq, position) ->
                            transaction.retire(
                                    tag,
                                    owner,
                                    seq,
                                    position,
                                    outcome,
                                    settlement,
                                    settled,
                                    added == null
                                            ? null
                                            : OutgoingDeliveries.all(owner, position, added)));
        } catch (Refusal tooLarge) {
            throw Amqp10Error.of(Amqp10Error.Scope.SESSION, tooLarge);
        }
    }

    /**
     * Whether a delivery belongs to another transaction than the one that the client has now named, if
     * any: then that one is rolled back, and its coordinator ended (1.0 §4.4.2).
     */
    private boolean elsewhere(@Nullable OpenTransaction named, long from, long to) {
        for (OpenTransaction other : open.values()) {
            boolean retiredTwice = named != null && !other.held(from, to).isEmpty();
            if (other != named && (retiredTwice || other.hasAcquired(from, to))) {
                session.fail(
                        (named == null ? other : named).coordinator(),
                        Amqp10Error.link(
                                Amqp10Error.TRANSACTION_ROLLBACK,
                                "a delivery of one transaction was retired outside of it"));
                return true;
            }
        }
        return false;
    }

    /** A link is gone, and what is unsettled on it went back; not so what is retired. */
    void ended(Subscription receiver) {
        if (open.values().stream().anyMatch(each -> each.concerns(receiver))) {
            gone.add(receiver);
        }
        open.values().forEach(each -> each.forget(receiver));
    }

    // -- their end

    /**
     * Ends a transaction as its client asks.
     *
     * @param answer takes the log position that must be on disk before the discharge is accepted, or
     *     hears that the transaction was rolled back against the client's will
     */
    void discharge(
            CoordinatorLink coordinator,
            TransactionTypes.Request.Discharge asked,
            Discharged answer) {
        OpenTransaction transaction = find(asked.id());
        if (transaction == null || transaction.coordinator() != coordinator) {
            answer.refused(unknown(asked.id()));
            return;
        }
        String failure = transaction.failure();
        if (asked.fail()) {
            rollBack(transaction);
            answer.accepted(0);
        } else if (failure != null) {
            rollBack(transaction);
            answer.refused(rolledBack(failure));
        } else {
            transaction.discharge();
            transaction.work().commitIfAllFit(committing(transaction, answer));
        }
    }

    private static Amqp10Error rolledBack(String why) {
        return Amqp10Error.link(Amqp10Error.TRANSACTION_ROLLBACK, why);
    }

    private Reply<Long> committing(OpenTransaction transaction, Discharged answer) {
        return new Reply<>() {
            @Override
            public void ok(Long position) {
                if (!transaction.isOver()) {
                    forget(transaction);
                    session.wire().broker().whenDurable(position, () -> settleRetired(transaction));
                    answer.accepted(position);
                }
            }

            @Override
            public void refused(Refusal refusal) {
                if (!transaction.isOver()) {
                    rollBack(transaction);
                    answer.refused(rolledBack(refusal.text()));
                }
            }
        };
    }

    /** Settles what the client retired without settling it (1.0 §4.4.2). */
    private void settleRetired(OpenTransaction transaction) {
        if (closed) {
            return;
        }
        transaction
                .held()
                .forEach((tag, retired) -> {
                    if (!retired.settled() && retired.outcome() instanceof DeliveryState outcome) {
                        settleOnce(tag, outcome);
                    }
                });
    }

    private void settleOnce(long tag, DeliveryState outcome) {
        int id = (int) (tag - 1);
        session.send(SettlingSecond.disposition(id, id, outcome));
    }

    private void rollBack(OpenTransaction transaction) {
        transaction.work().rollback(unsettled);
        transaction
                .held()
                .forEach((tag, retired) -> {
                    if (retired.settled()) {
                        boolean unused = takeBack(tag);
                    }
                });
        transaction
                .acquired()
                .forEach((tag, _) -> {
                    if (takeBack(tag) && !closed) {
                        settleOnce(tag, Released.getInstance());
                    }
                });
        gone.forEach(receiver -> session.deliveries().giveBack(receiver, Settlement.REQUEUED));
        forget(transaction);
    }

    /** A delivery goes back to its queue; false if it is settled already. */
    private boolean takeBack(long tag) {
        return unsettled.settle(tag, (_, owner, seq, _) -> owner.settle(seq, Settlement.REQUEUED));
    }

    private void forget(OpenTransaction transaction) {
        transaction.end();
        open.remove(transaction.id());
        if (open.isEmpty()) {
            gone.clear();
        }
    }

    /** A coordinator is gone: what was declared there and not discharged is rolled back (1.0 §4.2). */
    void ended(CoordinatorLink coordinator) {
        for (OpenTransaction each : List.copyOf(open.values())) {
            if (each.coordinator() == coordinator && !each.isDischarging()) {
                rollBack(each);
            }
        }
    }

    /** The session ends: everything is rolled back. */
    void close() {
        closed = true;
        List.copyOf(open.values()).forEach(this::rollBack);
        Publisher known = publisher;
        if (known != null) {
            known.close();
        }
    }

    /** What came of a discharge. */
    interface Discharged {

        /**
         * @param position what must be on disk before the client is told
         */
        void accepted(long position);

        void refused(Amqp10Error error);
    }
}
