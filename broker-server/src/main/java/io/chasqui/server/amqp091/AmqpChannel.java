package io.chasqui.server.amqp091;

import io.chasqui.core.message.MessageStore;
import io.chasqui.core.session.ChannelReport;
import io.chasqui.core.session.DirectReplies;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Transaction;
import io.chasqui.protocol.amqp091.AccessMethod;
import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConfirmMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.ExchangeMethod;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.MethodReader;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.protocol.amqp091.TxMethod;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One open channel: the table of what each method does. The work is done by the room the method
 * belongs to, and behind it by the session.
 */
final class AmqpChannel implements ChannelSlot {

    private final Answers answers;
    private final Declarations declarations;
    private final Unsettled unsettled;
    private final Consumers consumers;
    private final Confirms confirms;
    private final Publishing publishing;
    private final Link link;
    private final int number;
    private @Nullable Transaction transaction;
    private int methodId;

    AmqpChannel(
            Link link,
            int number,
            MessageStore store,
            RandomGenerator random,
            InPlaceContent inPlace,
            MessageLimits limits) {
        this.link = link;
        this.number = number;
        this.answers = new Answers(link, number);
        this.declarations = new Declarations(link.session(), answers);
        this.unsettled = new Unsettled();
        DirectReplies replies = link.session().newDirectReplies();
        this.consumers =
                new Consumers(link, number, answers, declarations, replies, unsettled, random);
        this.confirms = new Confirms(link, number, store);
        this.publishing = new Publishing(link, number, confirms, replies, inPlace, limits);
        link.session().shard().counters().channelsOpened++;
    }

    int number() {
        return number;
    }

    /** The method that was handled last; content belongs to its method. */
    int methodId() {
        return methodId;
    }

    /** Handles one frame, whose payload lies at {@code at}. */
    void handle(int type, ByteBuffer in, int at, int size) {
        switch (type) {
            case Amqp091.FRAME_METHOD -> method(in, at, size);
            case Amqp091.FRAME_HEADER -> publishing.header(in, at, size);
            case Amqp091.FRAME_BODY -> publishing.body(in, at, size);
            default ->
                    throw Violations.unexpectedFrame(
                            "unexpected frame of type " + type + " on channel " + number);
        }
    }

    /** The methods of every message are read in place; all others become objects. */
    private void method(ByteBuffer in, int at, int size) {
        publishing.expectMethod();
        methodId = MethodReader.id(in, at);
        switch (methodId) {
            case MethodId.BASIC_PUBLISH -> publishing.begin(in, at, size);
            case MethodId.BASIC_ACK -> unsettled.ack(in, at, size);
            case MethodId.BASIC_NACK -> unsettled.nack(in, at, size);
            case MethodId.BASIC_REJECT -> unsettled.reject(in, at, size);
            default -> handle(MethodReader.read(in, at, size));
        }
    }

    private void handle(Method method) {
        switch (method) {
            case BasicMethod m -> basic(m);
            case ExchangeMethod m -> declarations.handle(m);
            case QueueMethod m -> declarations.handle(m);
            case ChannelMethod m -> channel(m);
            case ConfirmMethod m -> confirm(m);
            case TxMethod m -> tx(m);
            case AccessMethod.Request _ -> link.send(number, new AccessMethod.RequestOk(1));
            case AccessMethod.RequestOk _ -> throw Violations.notForServers(methodId);
            case ConnectionMethod _ -> throw Violations.notForServers(methodId);
        }
    }

    private void basic(BasicMethod method) {
        switch (method) {
            case BasicMethod.Consume m -> consumers.consume(m);
            case BasicMethod.Cancel m -> consumers.cancel(m);
            case BasicMethod.Qos m -> consumers.qos(m);
            case BasicMethod.Get m ->
                    link.session()
                            .subscriptions()
                            .get(
                                    declarations.queueNamed(m.queue()),
                                    m.noAck(),
                                    new GetReply(link, number, answers, unsettled));
            case BasicMethod.Recover m -> {
                recover(m.requeue());
                answers.now(false, new BasicMethod.RecoverOk());
            }
            case BasicMethod.RecoverAsync m -> recover(m.requeue());
            case BasicMethod.Publish _,
                    BasicMethod.Ack _,
                    BasicMethod.Nack _,
                    BasicMethod.Reject _ ->
                    throw new AssertionError("read in place");
            case BasicMethod.QosOk _,
                    BasicMethod.ConsumeOk _,
                    BasicMethod.CancelOk _,
                    BasicMethod.Return _,
                    BasicMethod.Deliver _,
                    BasicMethod.GetOk _,
                    BasicMethod.GetEmpty _,
                    BasicMethod.RecoverOk _ ->
                    throw Violations.notForServers(methodId);
        }
    }

    private void recover(boolean requeue) {
        if (!requeue) {
            throw Violations.notImplemented("requeue=false", methodId);
        }
        unsettled.returnAll();
    }

    private void channel(ChannelMethod method) {
        switch (method) {
            case ChannelMethod.Open _ ->
                    throw Violations.channelError("second 'channel.open' seen", methodId);
            case ChannelMethod.Flow m -> {
                if (!m.active()) {
                    throw Violations.notImplemented("active=false", methodId);
                }
                answers.now(false, new ChannelMethod.FlowOk(true));
            }
            case ChannelMethod.Close _ -> throw new AssertionError("handled by the connection");
            case ChannelMethod.OpenOk _, ChannelMethod.FlowOk _, ChannelMethod.CloseOk _ ->
                    throw Violations.notForServers(methodId);
        }
    }

    private void confirm(ConfirmMethod method) {
        switch (method) {
            case ConfirmMethod.Select m -> {
                if (transaction != null) {
                    throw Violations.preconditionFailed(
                            "cannot switch from tx to confirm mode", methodId);
                }
                confirms.select();
                answers.now(m.noWait(), new ConfirmMethod.SelectOk());
            }
            case ConfirmMethod.SelectOk _ -> throw Violations.notForServers(methodId);
        }
    }

    private void tx(TxMethod method) {
        switch (method) {
            case TxMethod.Select _ -> {
                selectTransactions();
                answers.now(false, new TxMethod.SelectOk());
            }
            case TxMethod.Commit _ -> {
                Transaction committed = openTransaction();
                long position = publishing.commit(committed);
                Reply<Boolean> reply = answers.later(false, methodId, _ -> new TxMethod.CommitOk());
                link.session().whenDurable(position, () -> committed.whenTaken(reply));
            }
            case TxMethod.Rollback _ -> {
                openTransaction().rollback(unsettled.ledger());
                answers.now(false, new TxMethod.RollbackOk());
            }
            case TxMethod.SelectOk _, TxMethod.CommitOk _, TxMethod.RollbackOk _ ->
                    throw Violations.notForServers(methodId);
        }
    }

    /** What there is to tell of it. */
    ChannelReport report() {
        Transaction open = transaction;
        return new ChannelReport(
                number,
                confirms.selected(),
                open != null,
                consumers.prefetch().each(),
                consumers.prefetch().together(),
                unsettled.ledger().size(),
                confirms.unconfirmed(),
                open == null ? 0 : open.messages(),
                open == null ? 0 : open.settlements(),
                consumers.reports());
    }

    /** Whether a publish is still to be confirmed. */
    boolean owesConfirms() {
        return confirms.selected() && !confirms.isEmpty();
    }

    private void selectTransactions() {
        if (confirms.selected()) {
            throw Violations.preconditionFailed("cannot switch from confirm to tx mode", methodId);
        }
        if (transaction == null) {
            transaction = publishing.beginTransaction();
            unsettled.settleWithin(transaction);
        }
    }

    private Transaction openTransaction() {
        Transaction open = transaction;
        if (open == null) {
            throw Violations.preconditionFailed("channel is not transactional", methodId);
        }
        return open;
    }

    /**
     * Ends everything the channel has going on; an open transaction is rolled back, and what is not
     * settled goes back to its queues.
     */
    void close() {
        link.session().shard().counters().channelsClosed++;
        answers.close();
        consumers.close();
        if (transaction != null) {
            transaction.rollback(unsettled.ledger());
        }
        unsettled.requeueAll();
        publishing.close();
        confirms.close();
    }
}
