package io.chasqui.protocol.amqp091;

/**
 * Class and method id as one number, {@code classId << 16 | methodId}: the first four octets of a
 * method frame's payload read as an int (0-9-1 §4.2.4).
 */
public final class MethodId {

    public static final int CONNECTION_START = 10 << 16 | 10;
    public static final int CONNECTION_START_OK = 10 << 16 | 11;
    public static final int CONNECTION_SECURE = 10 << 16 | 20;
    public static final int CONNECTION_SECURE_OK = 10 << 16 | 21;
    public static final int CONNECTION_TUNE = 10 << 16 | 30;
    public static final int CONNECTION_TUNE_OK = 10 << 16 | 31;
    public static final int CONNECTION_OPEN = 10 << 16 | 40;
    public static final int CONNECTION_OPEN_OK = 10 << 16 | 41;
    public static final int CONNECTION_CLOSE = 10 << 16 | 50;
    public static final int CONNECTION_CLOSE_OK = 10 << 16 | 51;
    public static final int CONNECTION_BLOCKED = 10 << 16 | 60;
    public static final int CONNECTION_UNBLOCKED = 10 << 16 | 61;
    public static final int CONNECTION_UPDATE_SECRET = 10 << 16 | 70;
    public static final int CONNECTION_UPDATE_SECRET_OK = 10 << 16 | 71;

    public static final int CHANNEL_OPEN = 20 << 16 | 10;
    public static final int CHANNEL_OPEN_OK = 20 << 16 | 11;
    public static final int CHANNEL_FLOW = 20 << 16 | 20;
    public static final int CHANNEL_FLOW_OK = 20 << 16 | 21;
    public static final int CHANNEL_CLOSE = 20 << 16 | 40;
    public static final int CHANNEL_CLOSE_OK = 20 << 16 | 41;

    public static final int ACCESS_REQUEST = 30 << 16 | 10;
    public static final int ACCESS_REQUEST_OK = 30 << 16 | 11;

    public static final int EXCHANGE_DECLARE = 40 << 16 | 10;
    public static final int EXCHANGE_DECLARE_OK = 40 << 16 | 11;
    public static final int EXCHANGE_DELETE = 40 << 16 | 20;
    public static final int EXCHANGE_DELETE_OK = 40 << 16 | 21;
    public static final int EXCHANGE_BIND = 40 << 16 | 30;
    public static final int EXCHANGE_BIND_OK = 40 << 16 | 31;
    public static final int EXCHANGE_UNBIND = 40 << 16 | 40;
    public static final int EXCHANGE_UNBIND_OK = 40 << 16 | 51;

    public static final int QUEUE_DECLARE = 50 << 16 | 10;
    public static final int QUEUE_DECLARE_OK = 50 << 16 | 11;
    public static final int QUEUE_BIND = 50 << 16 | 20;
    public static final int QUEUE_BIND_OK = 50 << 16 | 21;
    public static final int QUEUE_PURGE = 50 << 16 | 30;
    public static final int QUEUE_PURGE_OK = 50 << 16 | 31;
    public static final int QUEUE_DELETE = 50 << 16 | 40;
    public static final int QUEUE_DELETE_OK = 50 << 16 | 41;
    public static final int QUEUE_UNBIND = 50 << 16 | 50;
    public static final int QUEUE_UNBIND_OK = 50 << 16 | 51;

    public static final int BASIC_QOS = 60 << 16 | 10;
    public static final int BASIC_QOS_OK = 60 << 16 | 11;
    public static final int BASIC_CONSUME = 60 << 16 | 20;
    public static final int BASIC_CONSUME_OK = 60 << 16 | 21;
    public static final int BASIC_CANCEL = 60 << 16 | 30;
    public static final int BASIC_CANCEL_OK = 60 << 16 | 31;
    public static final int BASIC_PUBLISH = 60 << 16 | 40;
    public static final int BASIC_RETURN = 60 << 16 | 50;
    public static final int BASIC_DELIVER = 60 << 16 | 60;
    public static final int BASIC_GET = 60 << 16 | 70;
    public static final int BASIC_GET_OK = 60 << 16 | 71;
    public static final int BASIC_GET_EMPTY = 60 << 16 | 72;
    public static final int BASIC_ACK = 60 << 16 | 80;
    public static final int BASIC_REJECT = 60 << 16 | 90;
    public static final int BASIC_RECOVER_ASYNC = 60 << 16 | 100;
    public static final int BASIC_RECOVER = 60 << 16 | 110;
    public static final int BASIC_RECOVER_OK = 60 << 16 | 111;
    public static final int BASIC_NACK = 60 << 16 | 120;

    public static final int CONFIRM_SELECT = 85 << 16 | 10;
    public static final int CONFIRM_SELECT_OK = 85 << 16 | 11;

    public static final int TX_SELECT = 90 << 16 | 10;
    public static final int TX_SELECT_OK = 90 << 16 | 11;
    public static final int TX_COMMIT = 90 << 16 | 20;
    public static final int TX_COMMIT_OK = 90 << 16 | 21;
    public static final int TX_ROLLBACK = 90 << 16 | 30;
    public static final int TX_ROLLBACK_OK = 90 << 16 | 31;

    private MethodId() {}

    public static int of(Method method) {
        return switch (method) {
            case ConnectionMethod.Start _ -> CONNECTION_START;
            case ConnectionMethod.StartOk _ -> CONNECTION_START_OK;
            case ConnectionMethod.Secure _ -> CONNECTION_SECURE;
            case ConnectionMethod.SecureOk _ -> CONNECTION_SECURE_OK;
            case ConnectionMethod.Tune _ -> CONNECTION_TUNE;
            case ConnectionMethod.TuneOk _ -> CONNECTION_TUNE_OK;
            case ConnectionMethod.Open _ -> CONNECTION_OPEN;
            case ConnectionMethod.OpenOk _ -> CONNECTION_OPEN_OK;
            case ConnectionMethod.Close _ -> CONNECTION_CLOSE;
            case ConnectionMethod.CloseOk _ -> CONNECTION_CLOSE_OK;
            case ConnectionMethod.Blocked _ -> CONNECTION_BLOCKED;
            case ConnectionMethod.Unblocked _ -> CONNECTION_UNBLOCKED;
            case ConnectionMethod.UpdateSecret _ -> CONNECTION_UPDATE_SECRET;
            case ConnectionMethod.UpdateSecretOk _ -> CONNECTION_UPDATE_SECRET_OK;
            case ChannelMethod.Open _ -> CHANNEL_OPEN;
            case ChannelMethod.OpenOk _ -> CHANNEL_OPEN_OK;
            case ChannelMethod.Flow _ -> CHANNEL_FLOW;
            case ChannelMethod.FlowOk _ -> CHANNEL_FLOW_OK;
            case ChannelMethod.Close _ -> CHANNEL_CLOSE;
            case ChannelMethod.CloseOk _ -> CHANNEL_CLOSE_OK;
            case AccessMethod.Request _ -> ACCESS_REQUEST;
            case AccessMethod.RequestOk _ -> ACCESS_REQUEST_OK;
            case ExchangeMethod.Declare _ -> EXCHANGE_DECLARE;
            case ExchangeMethod.DeclareOk _ -> EXCHANGE_DECLARE_OK;
            case ExchangeMethod.Delete _ -> EXCHANGE_DELETE;
            case ExchangeMethod.DeleteOk _ -> EXCHANGE_DELETE_OK;
            case ExchangeMethod.Bind _ -> EXCHANGE_BIND;
            case ExchangeMethod.BindOk _ -> EXCHANGE_BIND_OK;
            case ExchangeMethod.Unbind _ -> EXCHANGE_UNBIND;
            case ExchangeMethod.UnbindOk _ -> EXCHANGE_UNBIND_OK;
            case QueueMethod.Declare _ -> QUEUE_DECLARE;
            case QueueMethod.DeclareOk _ -> QUEUE_DECLARE_OK;
            case QueueMethod.Bind _ -> QUEUE_BIND;
            case QueueMethod.BindOk _ -> QUEUE_BIND_OK;
            case QueueMethod.Purge _ -> QUEUE_PURGE;
            case QueueMethod.PurgeOk _ -> QUEUE_PURGE_OK;
            case QueueMethod.Delete _ -> QUEUE_DELETE;
            case QueueMethod.DeleteOk _ -> QUEUE_DELETE_OK;
            case QueueMethod.Unbind _ -> QUEUE_UNBIND;
            case QueueMethod.UnbindOk _ -> QUEUE_UNBIND_OK;
            case BasicMethod.Qos _ -> BASIC_QOS;
            case BasicMethod.QosOk _ -> BASIC_QOS_OK;
            case BasicMethod.Consume _ -> BASIC_CONSUME;
            case BasicMethod.ConsumeOk _ -> BASIC_CONSUME_OK;
            case BasicMethod.Cancel _ -> BASIC_CANCEL;
            case BasicMethod.CancelOk _ -> BASIC_CANCEL_OK;
            case BasicMethod.Publish _ -> BASIC_PUBLISH;
            case BasicMethod.Return _ -> BASIC_RETURN;
            case BasicMethod.Deliver _ -> BASIC_DELIVER;
            case BasicMethod.Get _ -> BASIC_GET;
            case BasicMethod.GetOk _ -> BASIC_GET_OK;
            case BasicMethod.GetEmpty _ -> BASIC_GET_EMPTY;
            case BasicMethod.Ack _ -> BASIC_ACK;
            case BasicMethod.Reject _ -> BASIC_REJECT;
            case BasicMethod.RecoverAsync _ -> BASIC_RECOVER_ASYNC;
            case BasicMethod.Recover _ -> BASIC_RECOVER;
            case BasicMethod.RecoverOk _ -> BASIC_RECOVER_OK;
            case BasicMethod.Nack _ -> BASIC_NACK;
            case ConfirmMethod.Select _ -> CONFIRM_SELECT;
            case ConfirmMethod.SelectOk _ -> CONFIRM_SELECT_OK;
            case TxMethod.Select _ -> TX_SELECT;
            case TxMethod.SelectOk _ -> TX_SELECT_OK;
            case TxMethod.Commit _ -> TX_COMMIT;
            case TxMethod.CommitOk _ -> TX_COMMIT_OK;
            case TxMethod.Rollback _ -> TX_ROLLBACK;
            case TxMethod.RollbackOk _ -> TX_ROLLBACK_OK;
        };
    }

    public static int classOf(int id) {
        return id >>> 16;
    }

    public static int methodOf(int id) {
        return id & 0xFFFF;
    }

    /** Whether a content header follows this method (0-9-1 §4.2.6). */
    public static boolean carriesContent(int id) {
        return switch (id) {
            case BASIC_PUBLISH, BASIC_RETURN, BASIC_DELIVER, BASIC_GET_OK -> true;
            default -> false;
        };
    }
}
