package io.chasqui.protocol.amqp091;

import static io.chasqui.protocol.amqp091.MethodId.*;

import java.nio.ByteBuffer;

/**
 * Reads the payload of a method frame into a {@link Method}.
 *
 * <pre>
 *   | class-id:2 | method-id:2 | arguments |        0-9-1 §4.2.4
 * </pre>
 */
public final class MethodReader {

    private MethodReader() {}

    /** The {@link MethodId} of the payload at {@code at}, of at least four octets. */
    public static int id(ByteBuffer in, int at) {
        return in.getInt(at);
    }

    /**
     * @throws ProtocolException 540 if no such method exists; 502 if the arguments are cut off, hold
     *     malformed values or do not end where the frame does. RabbitMQ drops the socket without a
     *     word at the first, and calls the second a 501 or drops the socket too
     */
    public static Method read(ByteBuffer in, int at, int size) {
        if (size < 4) {
            throw ProtocolException.syntaxError("method frame of " + size + " octets");
        }
        int id = id(in, at);
        try {
            ArgumentReader arguments = new ArgumentReader(in, at + 4, at + size);
            Method method = read(id, arguments);
            arguments.expectEnd();
            return method;
        } catch (ProtocolException e) {
            throw e.during(id);
        }
    }

    private static Method read(int id, ArgumentReader in) {
        return switch (classOf(id)) {
            case Amqp091.CLASS_CONNECTION -> connection(id, in);
            case Amqp091.CLASS_CHANNEL -> channel(id, in);
            case Amqp091.CLASS_ACCESS -> access(id, in);
            case Amqp091.CLASS_EXCHANGE -> exchange(id, in);
            case Amqp091.CLASS_QUEUE -> queue(id, in);
            case Amqp091.CLASS_BASIC -> basic(id, in);
            case Amqp091.CLASS_CONFIRM -> confirm(id, in);
            case Amqp091.CLASS_TX -> tx(id);
            default -> throw unknown(id);
        };
    }

    private static ConnectionMethod connection(int id, ArgumentReader in) {
        return switch (id) {
            case CONNECTION_START ->
                    new ConnectionMethod.Start(
                            in.octet(), in.octet(), in.table(), text(in), text(in));
            case CONNECTION_START_OK ->
                    new ConnectionMethod.StartOk(
                            in.table(), in.shortString(), in.longString(), in.shortString());
            case CONNECTION_SECURE -> new ConnectionMethod.Secure(in.longString());
            case CONNECTION_SECURE_OK -> new ConnectionMethod.SecureOk(in.longString());
            case CONNECTION_TUNE ->
                    new ConnectionMethod.Tune(in.shortUint(), in.longUint(), in.shortUint());
            case CONNECTION_TUNE_OK ->
                    new ConnectionMethod.TuneOk(in.shortUint(), in.longUint(), in.shortUint());
            case CONNECTION_OPEN -> {
                ConnectionMethod open = new ConnectionMethod.Open(in.shortString());
                in.skipShortString().skipBit();
                yield open;
            }
            case CONNECTION_OPEN_OK -> {
                in.skipShortString();
                yield new ConnectionMethod.OpenOk();
            }
            case CONNECTION_CLOSE ->
                    new ConnectionMethod.Close(
                            in.shortUint(), in.shortString(), in.shortUint(), in.shortUint());
            case CONNECTION_CLOSE_OK -> new ConnectionMethod.CloseOk();
            case CONNECTION_BLOCKED -> new ConnectionMethod.Blocked(in.shortString());
            case CONNECTION_UNBLOCKED -> new ConnectionMethod.Unblocked();
            case CONNECTION_UPDATE_SECRET ->
                    new ConnectionMethod.UpdateSecret(in.longString(), in.shortString());
            case CONNECTION_UPDATE_SECRET_OK -> new ConnectionMethod.UpdateSecretOk();
            default -> throw unknown(id);
        };
    }

    private static ChannelMethod channel(int id, ArgumentReader in) {
        return switch (id) {
            case CHANNEL_OPEN -> {
                in.skipShortString();
                yield new ChannelMethod.Open();
            }
            case CHANNEL_OPEN_OK -> {
                in.skipLongString();
                yield new ChannelMethod.OpenOk();
            }
            case CHANNEL_FLOW -> new ChannelMethod.Flow(in.bit());
            case CHANNEL_FLOW_OK -> new ChannelMethod.FlowOk(in.bit());
            case CHANNEL_CLOSE ->
                    new ChannelMethod.Close(
                            in.shortUint(), in.shortString(), in.shortUint(), in.shortUint());
            case CHANNEL_CLOSE_OK -> new ChannelMethod.CloseOk();
            default -> throw unknown(id);
        };
    }

    private static AccessMethod access(int id, ArgumentReader in) {
        return switch (id) {
            case ACCESS_REQUEST ->
                    new AccessMethod.Request(
                            in.shortString(), in.bit(), in.bit(), in.bit(), in.bit(), in.bit());
            case ACCESS_REQUEST_OK -> new AccessMethod.RequestOk(in.shortUint());
            default -> throw unknown(id);
        };
    }

    private static ExchangeMethod exchange(int id, ArgumentReader in) {
        return switch (id) {
            case EXCHANGE_DECLARE ->
                    new ExchangeMethod.Declare(
                            in.skipShortUint().shortString(),
                            in.shortString(),
                            in.bit(),
                            in.bit(),
                            in.bit(),
                            in.bit(),
                            in.bit(),
                            in.table());
            case EXCHANGE_DECLARE_OK -> new ExchangeMethod.DeclareOk();
            case EXCHANGE_DELETE ->
                    new ExchangeMethod.Delete(in.skipShortUint().shortString(), in.bit(), in.bit());
            case EXCHANGE_DELETE_OK -> new ExchangeMethod.DeleteOk();
            case EXCHANGE_BIND ->
                    new ExchangeMethod.Bind(
                            in.skipShortUint().shortString(),
                            in.shortString(),
                            in.shortString(),
                            in.bit(),
                            in.table());
            case EXCHANGE_BIND_OK -> new ExchangeMethod.BindOk();
            case EXCHANGE_UNBIND ->
                    new ExchangeMethod.Unbind(
                            in.skipShortUint().shortString(),
                            in.shortString(),
                            in.shortString(),
                            in.bit(),
                            in.table());
            case EXCHANGE_UNBIND_OK -> new ExchangeMethod.UnbindOk();
            default -> throw unknown(id);
        };
    }

    private static QueueMethod queue(int id, ArgumentReader in) {
        return switch (id) {
            case QUEUE_DECLARE ->
                    new QueueMethod.Declare(
                            in.skipShortUint().shortString(),
                            in.bit(),
                            in.bit(),
                            in.bit(),
                            in.bit(),
                            in.bit(),
                            in.table());
            case QUEUE_DECLARE_OK ->
                    new QueueMethod.DeclareOk(in.shortString(), in.longUint(), in.longUint());
            case QUEUE_BIND ->
                    new QueueMethod.Bind(
                            in.skipShortUint().shortString(),
                            in.shortString(),
                            in.shortString(),
                            in.bit(),
                            in.table());
            case QUEUE_BIND_OK -> new QueueMethod.BindOk();
            case QUEUE_PURGE -> new QueueMethod.Purge(in.skipShortUint().shortString(), in.bit());
            case QUEUE_PURGE_OK -> new QueueMethod.PurgeOk(in.longUint());
            case QUEUE_DELETE ->
                    new QueueMethod.Delete(
                            in.skipShortUint().shortString(), in.bit(), in.bit(), in.bit());
            case QUEUE_DELETE_OK -> new QueueMethod.DeleteOk(in.longUint());
            case QUEUE_UNBIND ->
                    new QueueMethod.Unbind(
                            in.skipShortUint().shortString(),
                            in.shortString(),
                            in.shortString(),
                            in.table());
            case QUEUE_UNBIND_OK -> new QueueMethod.UnbindOk();
            default -> throw unknown(id);
        };
    }

    private static BasicMethod basic(int id, ArgumentReader in) {
        return switch (id) {
            case BASIC_QOS -> new BasicMethod.Qos(in.longUint(), in.shortUint(), in.bit());
            case BASIC_QOS_OK -> new BasicMethod.QosOk();
            case BASIC_CONSUME ->
                    new BasicMethod.Consume(
                            in.skipShortUint().shortString(),
                            in.shortString(),
                            in.bit(),
                            in.bit(),
                            in.bit(),
                            in.bit(),
                            in.table());
            case BASIC_CONSUME_OK -> new BasicMethod.ConsumeOk(in.shortString());
            case BASIC_CANCEL -> new BasicMethod.Cancel(in.shortString(), in.bit());
            case BASIC_CANCEL_OK -> new BasicMethod.CancelOk(in.shortString());
            case BASIC_PUBLISH ->
                    new BasicMethod.Publish(
                            in.skipShortUint().shortString(), in.shortString(), in.bit(), in.bit());
            case BASIC_RETURN ->
                    new BasicMethod.Return(
                            in.shortUint(), in.shortString(), in.shortString(), in.shortString());
            case BASIC_DELIVER ->
                    new BasicMethod.Deliver(
                            in.shortString(),
                            in.longLong(),
                            in.bit(),
                            in.shortString(),
                            in.shortString());
            case BASIC_GET -> new BasicMethod.Get(in.skipShortUint().shortString(), in.bit());
            case BASIC_GET_OK ->
                    new BasicMethod.GetOk(
                            in.longLong(),
                            in.bit(),
                            in.shortString(),
                            in.shortString(),
                            in.longUint());
            case BASIC_GET_EMPTY -> {
                in.skipShortString();
                yield new BasicMethod.GetEmpty();
            }
            case BASIC_ACK -> new BasicMethod.Ack(in.longLong(), in.bit());
            case BASIC_REJECT -> new BasicMethod.Reject(in.longLong(), in.bit());
            case BASIC_RECOVER_ASYNC -> new BasicMethod.RecoverAsync(in.bit());
            case BASIC_RECOVER -> new BasicMethod.Recover(in.bit());
            case BASIC_RECOVER_OK -> new BasicMethod.RecoverOk();
            case BASIC_NACK -> new BasicMethod.Nack(in.longLong(), in.bit(), in.bit());
            default -> throw unknown(id);
        };
    }

    private static ConfirmMethod confirm(int id, ArgumentReader in) {
        return switch (id) {
            case CONFIRM_SELECT -> new ConfirmMethod.Select(in.bit());
            case CONFIRM_SELECT_OK -> new ConfirmMethod.SelectOk();
            default -> throw unknown(id);
        };
    }

    private static TxMethod tx(int id) {
        return switch (id) {
            case TX_SELECT -> new TxMethod.Select();
            case TX_SELECT_OK -> new TxMethod.SelectOk();
            case TX_COMMIT -> new TxMethod.Commit();
            case TX_COMMIT_OK -> new TxMethod.CommitOk();
            case TX_ROLLBACK -> new TxMethod.Rollback();
            case TX_ROLLBACK_OK -> new TxMethod.RollbackOk();
            default -> throw unknown(id);
        };
    }

    private static String text(ArgumentReader in) {
        return in.longString().text();
    }

    private static ProtocolException unknown(int id) {
        return new ProtocolException(
                ReplyCode.NOT_IMPLEMENTED, "unknown method " + classOf(id) + "." + methodOf(id));
    }
}
