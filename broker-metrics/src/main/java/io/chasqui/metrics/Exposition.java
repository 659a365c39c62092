package io.chasqui.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes the Prometheus text format, version 0.0.4, as it comes: nothing is held but one buffer.
 * A family's samples follow its heading, as the format demands.
 */
final class Exposition {

    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final int BUFFER_CHARS = 16 * 1024;

    /** What a family's samples mean. */
    enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM,
        UNTYPED;

        private final String spelling = name().toLowerCase(Locale.ROOT);

        @Override
        public String toString() {
            return spelling;
        }
    }

    private final OutputStream out;
    private final StringBuilder buffer = new StringBuilder(BUFFER_CHARS + 1024);

    Exposition(OutputStream out) {
        this.out = out;
    }

    /** Begins a family. */
    void family(String name, Type type, String help) throws IOException {
        buffer.append("# HELP ").append(name).append(' ');
        escape(buffer, help, false);
        buffer.append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
        passOn();
    }

    /**
     * Writes one sample.
     *
     * @param labels as {@link #label} makes them, separated by commas; empty for none
     */
    void sample(String name, String labels, double value) throws IOException {
        begin(name, labels);
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            buffer.append((long) value);
        } else if (Double.isInfinite(value)) {
            buffer.append(value > 0 ? "+Inf" : "-Inf");
        } else {
            buffer.append(value);
        }
        end();
    }

    void sample(String name, String labels, long value) throws IOException {
        begin(name, labels);
        buffer.append(value);
        end();
    }

    private void begin(String name, String labels) {
        buffer.append(name);
        if (!labels.isEmpty()) {
            buffer.append('{').append(labels).append('}');
        }
        buffer.append(' ');
    }

    private void end() throws IOException {
        buffer.append('\n');
        passOn();
    }

    /** A label as samples take it, its value quoted. */
    static String label(String name, String value) {
        StringBuilder text = new StringBuilder(name.length() + value.length() + 3);
        text.append(name).append("=\"");
        escape(text, value, true);
        return text.append('"').toString();
    }

    private static void escape(StringBuilder buffer, String text, boolean quoted) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> buffer.append("\\\\");
                case '\n' -> buffer.append("\\n");
                case '"' -> buffer.append(quoted ? "\\\"" : "\"");
                default -> buffer.append(c);
            }
        }
    }

    private void passOn() throws IOException {
        if (buffer.length() >= BUFFER_CHARS) {
            finish();
        }
    }

    /** Passes on what is still held. */
    void finish() throws IOException {
        out.write(buffer.toString().getBytes(StandardCharsets.UTF_8));
        buffer.setLength(0);
    }
}
