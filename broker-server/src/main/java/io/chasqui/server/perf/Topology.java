package io.chasqui.server.perf;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.ExchangeMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.server.client.ClientConnection;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where messages go: to one queue through the default exchange, or to several through a fanout.
 *
 * @param temporary whether all of it is ours, to be deleted in the end
 */
record Topology(
        String exchange,
        String routingKey,
        List<String> queues,
        boolean durable,
        boolean temporary) {

    static Topology queue(String name, boolean durable, boolean temporary) {
        return new Topology("", name, List.of(name), durable, temporary);
    }

    static Topology fanout(String name, int queues, boolean durable, boolean temporary) {
        List<String> names = IntStream.range(0, queues).mapToObj(i -> name + "." + i).toList();
        return new Topology(name, "", names, durable, temporary);
    }

    BasicMethod.Publish publish() {
        return new BasicMethod.Publish(exchange, routingKey, false, false);
    }

    /** The queue of a consumer; more consumers than queues share them evenly. */
    String queueOf(int consumer) {
        return queues.get(consumer % queues.size());
    }

    void declare(ClientConnection connection) throws IOException {
        if (!exchange.isEmpty()) {
            connection.call(
                    new ExchangeMethod.Declare(
                            exchange,
                            "fanout",
                            false,
                            durable,
                            false,
                            false,
                            false,
                            FieldTable.EMPTY),
                    ExchangeMethod.DeclareOk.class);
        }
        for (String queue : queues) {
            declare(connection, queue);
        }
    }

    private void declare(ClientConnection connection, String queue) throws IOException {
        connection.call(
                new QueueMethod.Declare(
                        queue, false, durable, false, false, false, FieldTable.EMPTY),
                QueueMethod.DeclareOk.class);
        if (!exchange.isEmpty()) {
            connection.call(
                    new QueueMethod.Bind(queue, exchange, "", false, FieldTable.EMPTY),
                    QueueMethod.BindOk.class);
        }
    }

    /** Deletes what {@link #declare} made, unless somebody named it. */
    void delete(ClientConnection connection) throws IOException {
        if (!temporary) {
            return;
        }
        for (String queue : queues) {
            connection.call(
                    new QueueMethod.Delete(queue, false, false, false), QueueMethod.DeleteOk.class);
        }
        if (!exchange.isEmpty()) {
            connection.call(
                    new ExchangeMethod.Delete(exchange, false, false),
                    ExchangeMethod.DeleteOk.class);
        }
    }
}
