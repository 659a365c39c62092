package io.chasqui.server.amqp091;

import io.chasqui.core.session.ClientReport;
import io.chasqui.core.session.SessionClient;
import io.chasqui.protocol.amqp091.FrameCursor;
import io.chasqui.server.net.ClientSocket;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection as its session and the management API see it. */
final class ClientView implements SessionClient {

    private final Dialogue dialogue;
    private final ClientSocket<FrameCursor> socket;
    private final ClientProperties client;
    private final String mechanism;
    private final Tuning tuning;

    /**
     * @param mechanism that it logged in with
     */
    ClientView(
            Dialogue dialogue,
            ClientSocket<FrameCursor> socket,
            ClientProperties client,
            String mechanism,
            Tuning tuning) {
        this.dialogue = dialogue;
        this.socket = socket;
        this.client = client;
        this.mechanism = mechanism;
        this.tuning = tuning;
    }

    @Override
    public String name() {
        return socket.peer().connectionName();
    }

    @Override
    public String product() {
        return client.name();
    }

    @Override
    public Map<String, @Nullable Object> facts() {
        return socket.facts(client.name(), tuning.frameMax());
    }

    @Override
    public String protocol() {
        return AMQP_0_9_1;
    }

    @Override
    public boolean isConnection() {
        return true;
    }

    @Override
    public Optional<ClientReport> report() {
        return dialogue.state() instanceof ConnectionState.Open open
                ? Optional.of(report(open))
                : Optional.empty();
    }

    private ClientReport report(ConnectionState.Open open) {
        return new ClientReport(
                socket.peer().host(),
                socket.peer().peer(),
                client.givenName(),
                "",
                ArgumentTables.arguments(client.all()).asMap(),
                socket.peer().encryption(),
                mechanism,
                open.openedMs(),
                tuning.heartbeatSeconds(),
                tuning.channelMax(),
                tuning.frameMax(),
                open.publishGate().state(),
                socket.traffic(),
                open.work().reports());
    }

    @Override
    public void endedByBroker(String reason) {
        dialogue.endedByBroker(reason);
    }
}
