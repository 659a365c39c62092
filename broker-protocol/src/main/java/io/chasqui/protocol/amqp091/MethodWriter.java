package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;

/** Writes a {@link Method} as the payload of a method frame (0-9-1 §4.2.4). */
public final class MethodWriter {

    private MethodWriter() {}

    /**
     * Writes class id, method id and arguments at the position of {@code out}.
     *
     * @throws IllegalArgumentException if a short string has more than 255 octets
     * @throws java.nio.BufferOverflowException if {@code out} has no room for {@link #sizeOf}
     */
    public static void write(Method method, ByteBuffer out) {
        out.putInt(method.id());
        write(method, ArgumentWriter.to(out));
    }

    /** Octets {@link #write(Method, ByteBuffer)} puts. */
    public static int sizeOf(Method method) {
        ArgumentWriter counter = ArgumentWriter.counting();
        write(method, counter);
        return 4 + counter.size();
    }

    private static void write(Method method, ArgumentWriter out) {
        switch (method) {
            case ConnectionMethod m -> connection(m, out);
            case ChannelMethod m -> channel(m, out);
            case AccessMethod m -> access(m, out);
            case ExchangeMethod m -> exchange(m, out);
            case QueueMethod m -> queue(m, out);
            case BasicMethod m -> basic(m, out);
            case ConfirmMethod.Select m -> out.bit(m.noWait());
            case ConfirmMethod.SelectOk _ -> {}
            case TxMethod _ -> {}
        }
    }

    private static void connection(ConnectionMethod method, ArgumentWriter out) {
        switch (method) {
            case ConnectionMethod.Start m ->
                    out.octet(m.versionMajor())
                            .octet(m.versionMinor())
                            .table(m.serverProperties())
                            .longString(m.mechanisms())
                            .longString(m.locales());
            case ConnectionMethod.StartOk m ->
                    out.table(m.clientProperties())
                            .shortString(m.mechanism())
                            .longString(m.response())
                            .shortString(m.locale());
            case ConnectionMethod.Secure m -> out.longString(m.challenge());
            case ConnectionMethod.SecureOk m -> out.longString(m.response());
            case ConnectionMethod.Tune m ->
                    out.shortUint(m.channelMax()).longUint(m.frameMax()).shortUint(m.heartbeat());
            case ConnectionMethod.TuneOk m ->
                    out.shortUint(m.channelMax()).longUint(m.frameMax()).shortUint(m.heartbeat());
            case ConnectionMethod.Open m ->
                    out.shortString(m.virtualHost()).shortString("").bit(false);
            case ConnectionMethod.OpenOk _ -> out.shortString("");
            case ConnectionMethod.Close m ->
                    out.shortUint(m.replyCode())
                            .shortString(m.replyText())
                            .shortUint(m.failedClassId())
                            .shortUint(m.failedMethodId());
            case ConnectionMethod.CloseOk _ -> {}
            case ConnectionMethod.Blocked m -> out.shortString(m.reason());
            case ConnectionMethod.Unblocked _ -> {}
            case ConnectionMethod.UpdateSecret m ->
                    out.longString(m.newSecret()).shortString(m.reason());
            case ConnectionMethod.UpdateSecretOk _ -> {}
        }
    }

    private static void channel(ChannelMethod method, ArgumentWriter out) {
        switch (method) {
            case ChannelMethod.Open _ -> out.shortString("");
            case ChannelMethod.OpenOk _ -> out.longString("");
            case ChannelMethod.Flow m -> out.bit(m.active());
            case ChannelMethod.FlowOk m -> out.bit(m.active());
            case ChannelMethod.Close m ->
                    out.shortUint(m.replyCode())
                            .shortString(m.replyText())
                            .shortUint(m.failedClassId())
                            .shortUint(m.failedMethodId());
            case ChannelMethod.CloseOk _ -> {}
        }
    }

    private static void access(AccessMethod method, ArgumentWriter out) {
        switch (method) {
            case AccessMethod.Request m ->
                    out.shortString(m.realm())
                            .bit(m.exclusive())
                            .bit(m.passive())
                            .bit(m.active())
                            .bit(m.write())
                            .bit(m.read());
            case AccessMethod.RequestOk m -> out.shortUint(m.ticket());
        }
    }

    private static void exchange(ExchangeMethod method, ArgumentWriter out) {
        switch (method) {
            case ExchangeMethod.Declare m ->
                    ticket(out)
                            .shortString(m.exchange())
                            .shortString(m.type())
                            .bit(m.passive())
                            .bit(m.durable())
                            .bit(m.autoDelete())
                            .bit(m.internal())
                            .bit(m.noWait())
                            .table(m.arguments());
            case ExchangeMethod.DeclareOk _ -> {}
            case ExchangeMethod.Delete m ->
                    ticket(out).shortString(m.exchange()).bit(m.ifUnused()).bit(m.noWait());
            case ExchangeMethod.DeleteOk _ -> {}
            case ExchangeMethod.Bind m ->
                    ticket(out)
                            .shortString(m.destination())
                            .shortString(m.source())
                            .shortString(m.routingKey())
                            .bit(m.noWait())
                            .table(m.arguments());
            case ExchangeMethod.BindOk _ -> {}
            case ExchangeMethod.Unbind m ->
                    ticket(out)
                            .shortString(m.destination())
                            .shortString(m.source())
                            .shortString(m.routingKey())
                            .bit(m.noWait())
                            .table(m.arguments());
            case ExchangeMethod.UnbindOk _ -> {}
        }
    }

    private static void queue(QueueMethod method, ArgumentWriter out) {
        switch (method) {
            case QueueMethod.Declare m ->
                    ticket(out)
                            .shortString(m.queue())
                            .bit(m.passive())
                            .bit(m.durable())
                            .bit(m.exclusive())
                            .bit(m.autoDelete())
                            .bit(m.noWait())
                            .table(m.arguments());
            case QueueMethod.DeclareOk m ->
                    out.shortString(m.queue())
                            .longUint(m.messageCount())
                            .longUint(m.consumerCount());
            case QueueMethod.Bind m ->
                    ticket(out)
                            .shortString(m.queue())
                            .shortString(m.exchange())
                            .shortString(m.routingKey())
                            .bit(m.noWait())
                            .table(m.arguments());
            case QueueMethod.BindOk _ -> {}
            case QueueMethod.Purge m -> ticket(out).shortString(m.queue()).bit(m.noWait());
            case QueueMethod.PurgeOk m -> out.longUint(m.messageCount());
            case QueueMethod.Delete m ->
                    ticket(out)
                            .shortString(m.queue())
                            .bit(m.ifUnused())
                            .bit(m.ifEmpty())
                            .bit(m.noWait());
            case QueueMethod.DeleteOk m -> out.longUint(m.messageCount());
            case QueueMethod.Unbind m ->
                    ticket(out)
                            .shortString(m.queue())
                            .shortString(m.exchange())
                            .shortString(m.routingKey())
                            .table(m.arguments());
            case QueueMethod.UnbindOk _ -> {}
        }
    }

    private static void basic(BasicMethod method, ArgumentWriter out) {
        switch (method) {
            case BasicMethod.Qos m ->
                    out.longUint(m.prefetchSize()).shortUint(m.prefetchCount()).bit(m.global());
            case BasicMethod.QosOk _ -> {}
            case BasicMethod.Consume m ->
                    ticket(out)
                            .shortString(m.queue())
                            .shortString(m.consumerTag())
                            .bit(m.noLocal())
                            .bit(m.noAck())
                            .bit(m.exclusive())
                            .bit(m.noWait())
                            .table(m.arguments());
            case BasicMethod.ConsumeOk m -> out.shortString(m.consumerTag());
            case BasicMethod.Cancel m -> out.shortString(m.consumerTag()).bit(m.noWait());
            case BasicMethod.CancelOk m -> out.shortString(m.consumerTag());
            case BasicMethod.Publish m ->
                    ticket(out)
                            .shortString(m.exchange())
                            .shortString(m.routingKey())
                            .bit(m.mandatory())
                            .bit(m.immediate());
            case BasicMethod.Return m ->
                    out.shortUint(m.replyCode())
                            .shortString(m.replyText())
                            .shortString(m.exchange())
                            .shortString(m.routingKey());
            case BasicMethod.Deliver m ->
                    out.shortString(m.consumerTag())
                            .longLong(m.deliveryTag())
                            .bit(m.redelivered())
                            .shortString(m.exchange())
                            .shortString(m.routingKey());
            case BasicMethod.Get m -> ticket(out).shortString(m.queue()).bit(m.noAck());
            case BasicMethod.GetOk m ->
                    out.longLong(m.deliveryTag())
                            .bit(m.redelivered())
                            .shortString(m.exchange())
                            .shortString(m.routingKey())
                            .longUint(m.messageCount());
            case BasicMethod.GetEmpty _ -> out.shortString("");
            case BasicMethod.Ack m -> out.longLong(m.deliveryTag()).bit(m.multiple());
            case BasicMethod.Reject m -> out.longLong(m.deliveryTag()).bit(m.requeue());
            case BasicMethod.RecoverAsync m -> out.bit(m.requeue());
            case BasicMethod.Recover m -> out.bit(m.requeue());
            case BasicMethod.RecoverOk _ -> {}
            case BasicMethod.Nack m ->
                    out.longLong(m.deliveryTag()).bit(m.multiple()).bit(m.requeue());
        }
    }

    /** The access ticket of 0-8, reserved since. */
    private static ArgumentWriter ticket(ArgumentWriter out) {
        return out.shortUint(0);
    }
}
