package io.chasqui.server.perf;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.ExchangeMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.server.client.ClientConnection;
import java.io.IOException;

/** A load in AMQP 0-9-1. */
final class Amqp091Load implements LoadProtocol {

    private final PerfPlan plan;
    private final Topology topology;

    Amqp091Load(PerfPlan plan) {
        this.plan = plan;
        this.topology = plan.topology();
    }

    private ClientConnection connect() throws IOException {
        return ClientConnection.open(plan.url(), PerfRun.PRODUCT);
    }

    @Override
    public Outlet outlet() throws IOException {
        return new Amqp091Outlet(
                connect(),
                new BasicMethod.Publish(topology.exchange(), topology.routingKey(), false, false),
                plan.publishing());
    }

    @Override
    public Inlet inlet(int consumer) throws IOException {
        return new Amqp091Inlet(connect(), topology.queueOf(consumer), plan.consuming());
    }

    @Override
    public void declare() throws IOException {
        try (ClientConnection connection = connect()) {
            if (topology.hasExchange()) {
                connection.call(
                        new ExchangeMethod.Declare(
                                topology.exchange(),
                                Topology.EXCHANGE_TYPE,
                                false,
                                topology.durable(),
                                false,
                                false,
                                false,
                                FieldTable.EMPTY),
                        ExchangeMethod.DeclareOk.class);
            }
            for (String queue : topology.queues()) {
                declare(connection, queue);
            }
        }
    }

    private void declare(ClientConnection connection, String queue) throws IOException {
        connection.call(
                new QueueMethod.Declare(
                        queue, false, topology.durable(), false, false, false, FieldTable.EMPTY),
                QueueMethod.DeclareOk.class);
        if (topology.hasExchange()) {
            connection.call(
                    new QueueMethod.Bind(queue, topology.exchange(), "", false, FieldTable.EMPTY),
                    QueueMethod.BindOk.class);
        }
    }

    @Override
    public void delete() throws IOException {
        if (!topology.temporary()) {
            return;
        }
        try (ClientConnection connection = connect()) {
            for (String queue : topology.queues()) {
                connection.call(
                        new QueueMethod.Delete(queue, false, false, false),
                        QueueMethod.DeleteOk.class);
            }
            if (topology.hasExchange()) {
                connection.call(
                        new ExchangeMethod.Delete(topology.exchange(), false, false),
                        ExchangeMethod.DeleteOk.class);
            }
        }
    }
}
