package io.chasqui.server.differential;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;

/**
 * Opens the channels of a connection, each with another number for as long as there are any: RabbitMQ
 * may send the rest of a delivery on a channel that it has just closed.
 */
final class Channels {

    private final Connection connection;
    private int last;

    Channels(Connection connection) {
        this.connection = connection;
    }

    Channel open() throws IOException {
        Channel opened = null;
        while (opened == null) {
            last = last % connection.getChannelMax() + 1;
            opened = connection.createChannel(last);
        }
        return opened;
    }
}
