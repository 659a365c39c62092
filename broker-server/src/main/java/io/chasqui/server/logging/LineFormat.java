package io.chasqui.server.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How an event is written as one line, without the line's end. */
enum LineFormat {

    /** For people: {@code 2026-11-21 09:26:01.123+00:00 INFO  Broker: recovered 3 queues}. */
    TEXT {
        @Override
        void append(StringBuilder line, ILoggingEvent event) {
            String logger = event.getLoggerName();
            LOCAL_TIME.formatTo(event.getInstant(), line);
            line.append(String.format(Locale.ROOT, " %-5s ", event.getLevel()))
                    .append(logger, logger.lastIndexOf('.') + 1, logger.length())
                    .append(": ");
            Printable.append(line, event.getFormattedMessage(), MAX_MESSAGE_CHARS);
            if (event.getThrowableProxy() != null) {
                line.append(": ").append(Trace.of(event.getThrowableProxy()));
            }
        }
    },

    /** For programs: one JSON object, the time in UTC. */
    JSON {
        @Override
        void append(StringBuilder line, ILoggingEvent event) {
            line.append("{\"time\":\"");
            UTC.formatTo(event.getInstant(), line);
            line.append("\",\"level\":\"")
                    .append(event.getLevel().levelStr.toLowerCase(Locale.ROOT))
                    .append('"');
            appendField(line, "logger", event.getLoggerName());
            appendField(line, "thread", event.getThreadName());
            appendField(line, "message", event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                appendField(line, "error", Trace.of(event.getThrowableProxy()));
            }
            line.append('}');
        }
    };

    /** Far more than any message of ours; what it quotes may be long. */
    private static final int MAX_MESSAGE_CHARS = 4096;

    private static final int MAX_TRACE_CHARS = 32_768;
    private static final DateTimeFormatter LOCAL_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSxxx", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    abstract void append(StringBuilder line, ILoggingEvent event);

    /** Printable text needs two more escapes to be a JSON string. */
    private static void appendField(StringBuilder line, String name, String value) {
        line.append(",\"").append(name).append("\":\"");
        String text =
                Printable.of(value, name.equals("error") ? MAX_TRACE_CHARS : MAX_MESSAGE_CHARS);
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '"' || character == '\\') {
                line.append('\\');
            }
            line.append(character);
        }
        line.append('"');
    }
}
