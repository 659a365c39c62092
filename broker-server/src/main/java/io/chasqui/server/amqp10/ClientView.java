package io.chasqui.server.amqp10;

import io.chasqui.core.session.ClientReport;
import io.chasqui.core.session.SessionClient;
import io.chasqui.protocol.amqp10.FrameCursor;
import io.chasqui.server.net.ClientSocket;
import io.chasqui.server.net.Peer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client as the broker and its operators see it. */
final class ClientView implements SessionClient {

    private final Dialogue dialogue;
    private final ClientSocket<FrameCursor> socket;
    private final Peer peer;
    private final ClientFacts client;
    private final String mechanism;

    /**
     * @param mechanism that it logged in with
     */
    ClientView(
            Dialogue dialogue,
            ClientSocket<FrameCursor> socket,
            ClientFacts client,
            String mechanism) {
        this.dialogue = dialogue;
        this.socket = socket;
        this.peer = socket.peer();
        this.client = client;
        this.mechanism = mechanism;
    }

    @Override
    public String name() {
        return peer.connectionName();
    }

    @Override
    public String product() {
        return client.product();
    }

    @Override
    public String protocol() {
        return AMQP_1_0;
    }

    @Override
    public Map<String, @Nullable Object> facts() {
        return socket.facts(client.product(), client.frameMax());
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
                peer.host(),
                peer.peer(),
                client.container(),
                client.container(),
                client.properties(),
                peer.encryption(),
                mechanism,
                open.openedMs(),
                (int) TimeUnit.MILLISECONDS.toSeconds(client.idleTimeOutMs()),
                open.work().terms().limits().channelMax(),
                client.frameMax(),
                open.work().publishersBlocked()
                        ? ClientReport.State.BLOCKING
                        : ClientReport.State.RUNNING,
                socket.traffic(),
                open.work().report());
    }

    @Override
    public void endedByBroker(String reason) {
        dialogue.endedByBroker(reason);
    }
}
