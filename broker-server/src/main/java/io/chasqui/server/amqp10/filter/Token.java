package io.chasqui.server.amqp10.filter;

/** A word of a selector. */
sealed interface Token {

    /** What the selector has there, for refusals. */
    String text();

    /** A keyword in upper case, or an operator or bracket. */
    record Sign(String text) implements Token {}

    /** The name of something in the message, as it is written, section and all. */
    record Name(String text) implements Token {}

    /** The name of an application-property, whatever it looks like. */
    record QuotedName(String text) implements Token {}

    record Literal(Object value, String text) implements Token {}

    /** The selector is over. */
    record End() implements Token {
        @Override
        public String text() {
            return "the end";
        }
    }
}
