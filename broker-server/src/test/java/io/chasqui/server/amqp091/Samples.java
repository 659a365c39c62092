package io.chasqui.server.amqp091;

import io.chasqui.protocol.amqp091.AccessMethod;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConfirmMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.ExchangeMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.protocol.amqp091.TxMethod;
import java.util.ArrayList;
import java.util.List;

/** One method of every kind, with arguments that make sense where there is a queue "q". */
final class Samples {

    private static final FieldTable NONE = FieldTable.EMPTY;
    private static final LongString SECRET = LongString.of("secret");

    private Samples() {}

    static List<Method> all() {
        List<Method> all = new ArrayList<>();
        all.addAll(ofConnection());
        all.addAll(ofChannel());
        all.addAll(ofExchangesAndQueues());
        all.addAll(ofBasic());
        all.addAll(ofModes());
        return all;
    }

    /** The records of the sealed family below {@code type}. */
    static List<Class<?>> kinds(Class<?> type) {
        List<Class<?>> kinds = new ArrayList<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            if (permitted.isRecord()) {
                kinds.add(permitted);
            } else {
                kinds.addAll(kinds(permitted));
            }
        }
        return kinds;
    }

    private static List<Method> ofConnection() {
        return List.of(
                new ConnectionMethod.Start(0, 9, NONE, "PLAIN", "en_US"),
                new ConnectionMethod.StartOk(
                        NONE, "PLAIN", LongString.of("\0guest\0guest"), "en_US"),
                new ConnectionMethod.Secure(SECRET),
                new ConnectionMethod.SecureOk(SECRET),
                new ConnectionMethod.Tune(2047, 131_072, 60),
                new ConnectionMethod.TuneOk(2047, 131_072, 0),
                new ConnectionMethod.Open("/"),
                new ConnectionMethod.OpenOk(),
                new ConnectionMethod.Close(200, "bye", 0, 0),
                new ConnectionMethod.CloseOk(),
                new ConnectionMethod.Blocked("why"),
                new ConnectionMethod.Unblocked(),
                new ConnectionMethod.UpdateSecret(SECRET, "renewed"),
                new ConnectionMethod.UpdateSecretOk());
    }

    private static List<Method> ofChannel() {
        return List.of(
                new ChannelMethod.Open(),
                new ChannelMethod.OpenOk(),
                new ChannelMethod.Flow(true),
                new ChannelMethod.FlowOk(true),
                new ChannelMethod.Close(200, "bye", 0, 0),
                new ChannelMethod.CloseOk(),
                new AccessMethod.Request("/data", false, false, true, true, true),
                new AccessMethod.RequestOk(1));
    }

    private static List<Method> ofExchangesAndQueues() {
        return List.of(
                new ExchangeMethod.Declare("x", "direct", false, false, false, false, false, NONE),
                new ExchangeMethod.DeclareOk(),
                new ExchangeMethod.Delete("x", false, false),
                new ExchangeMethod.DeleteOk(),
                new ExchangeMethod.Bind("amq.fanout", "amq.direct", "k", false, NONE),
                new ExchangeMethod.BindOk(),
                new ExchangeMethod.Unbind("amq.fanout", "amq.direct", "k", false, NONE),
                new ExchangeMethod.UnbindOk(),
                new QueueMethod.Declare("q", false, false, false, false, false, NONE),
                new QueueMethod.DeclareOk("q", 0, 0),
                new QueueMethod.Bind("q", "amq.fanout", "k", false, NONE),
                new QueueMethod.BindOk(),
                new QueueMethod.Purge("q", false),
                new QueueMethod.PurgeOk(0),
                new QueueMethod.Delete("q", false, false, false),
                new QueueMethod.DeleteOk(0),
                new QueueMethod.Unbind("q", "amq.fanout", "k", NONE),
                new QueueMethod.UnbindOk());
    }

    private static List<Method> ofBasic() {
        return List.of(
                new BasicMethod.Qos(0, 1, false),
                new BasicMethod.QosOk(),
                new BasicMethod.Consume("q", "c", false, false, false, false, NONE),
                new BasicMethod.ConsumeOk("c"),
                new BasicMethod.Cancel("c", false),
                new BasicMethod.CancelOk("c"),
                new BasicMethod.Publish("", "q", false, false),
                new BasicMethod.Return(312, "NO_ROUTE", "", "q"),
                new BasicMethod.Deliver("c", 1, false, "", "q"),
                new BasicMethod.Get("q", true),
                new BasicMethod.GetOk(1, false, "", "q", 0),
                new BasicMethod.GetEmpty(),
                new BasicMethod.Ack(1, false),
                new BasicMethod.Reject(1, true),
                new BasicMethod.RecoverAsync(true),
                new BasicMethod.Recover(true),
                new BasicMethod.RecoverOk(),
                new BasicMethod.Nack(1, false, true));
    }

    private static List<Method> ofModes() {
        return List.of(
                new ConfirmMethod.Select(false),
                new ConfirmMethod.SelectOk(),
                new TxMethod.Select(),
                new TxMethod.SelectOk(),
                new TxMethod.Commit(),
                new TxMethod.CommitOk(),
                new TxMethod.Rollback(),
                new TxMethod.RollbackOk());
    }
}
