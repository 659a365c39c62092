package io.chasqui.server.amqp091;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.protocol.amqp091.ReplyCode;

/**
 * The limits of a connection: what the broker offers in connection.tune, or what was agreed on.
 *
 * @param channelMax highest channel number
 * @param frameMax largest frame in octets, 0 for no limit
 * @param heartbeatSeconds interval of heartbeats, 0 for none
 */
public record Tuning(int channelMax, int frameMax, int heartbeatSeconds) {

    ConnectionMethod.Tune offer() {
        return new ConnectionMethod.Tune(channelMax, frameMax, heartbeatSeconds);
    }

    /**
     * What this offer and the client's answer come to. Where the client sets no limit ours holds;
     * RabbitMQ refuses that.
     *
     * @throws ProtocolException 530 if the client wants more than was offered, or frames smaller
     *     than 0-9-1 §4.2.3 allows
     */
    Tuning agree(ConnectionMethod.TuneOk answer) {
        int channels = lower("channel_max", channelMax, answer.channelMax());
        int frame = lower("frame_max", frameMax, answer.frameMax());
        if (frame != 0 && frame < Amqp091.FRAME_MIN_SIZE) {
            throw refused(
                    "frame_max = "
                            + frame
                            + " is lower than the minimum allowed value ("
                            + Amqp091.FRAME_MIN_SIZE
                            + ")");
        }
        return new Tuning(channels, frame, answer.heartbeat());
    }

    private static int lower(String name, int offered, long wanted) {
        if (wanted == 0) {
            return offered;
        }
        if (offered != 0 && wanted > offered) {
            throw refused(
                    name
                            + " = "
                            + wanted
                            + " is higher than the maximum allowed value ("
                            + offered
                            + ")");
        }
        return (int) Math.min(wanted, Integer.MAX_VALUE);
    }

    private static ProtocolException refused(String what) {
        return new ProtocolException(
                        ReplyCode.NOT_ALLOWED,
                        "failed to negotiate connection parameters: negotiated " + what)
                .during(MethodId.CONNECTION_TUNE_OK);
    }
}
