package io.chasqui.protocol.amqp091;

/**
 * RabbitMQ's SASL mechanism AMQPLAIN: the entries of a field table, without its size field, in which
 * {@code LOGIN} and {@code PASSWORD} are strings. Errors never quote the response.
 */
public final class SaslAmqPlain {

    public static final String MECHANISM = "AMQPLAIN";

    private SaslAmqPlain() {}

    /**
     * @throws ProtocolException 502 if the response is no table, or lacks one of the two
     */
    public static Credentials parse(LongString response) {
        FieldTable table = FieldTableReader.read(response.buffer(), 0, response.size());
        return new Credentials(text(table, "LOGIN"), text(table, "PASSWORD"));
    }

    private static String text(FieldTable table, String name) {
        if (table.get(name) instanceof String text) {
            return text;
        }
        throw ProtocolException.syntaxError(
                "AMQPLAIN auth info is missing LOGIN or PASSWORD field");
    }
}
