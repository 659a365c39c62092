package io.chasqui.protocol.amqp091;

import java.nio.ByteBuffer;

/** Octets as RabbitMQ prints them into its reply texts, which clients match on. */
final class ErlangText {

    /** A reply quotes at most this much of what a peer sent. */
    static final int OCTETS_SHOWN = 16;

    private ErlangText() {}

    /** {@code <<"text">>} if all octets are printable ASCII, else {@code <<1,2,3>>}. */
    static String octets(ByteBuffer in, int at, int length) {
        boolean printable = length > 0;
        for (int i = at; i < at + length; i++) {
            int octet = in.get(i);
            printable &= octet >= ' ' && octet <= '~' && octet != '"' && octet != '\\';
        }
        StringBuilder text = new StringBuilder("<<").append(printable ? "\"" : "");
        for (int i = at; i < at + length; i++) {
            if (printable) {
                text.append((char) in.get(i));
            } else {
                text.append(i > at ? "," : "").append(in.get(i) & 0xFF);
            }
        }
        return text.append(printable ? "\"" : "").append(">>").toString();
    }
}
