package io.chasqui.server.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import org.jspecify.annotations.Nullable;

/** An exception as one line of bounded length: its message, its frames, its causes. */
final class Trace {

    private static final int MAX_CAUSES = 5;
    private static final int MAX_FRAMES = 30;
    private static final int MAX_MESSAGE_CHARS = 500;

    private Trace() {}

    static String of(IThrowableProxy thrown) {
        StringBuilder line = new StringBuilder();
        @Nullable IThrowableProxy cause = thrown;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            line.append(i == 0 ? "" : "; caused by ").append(cause.getClassName());
            if (cause.getMessage() != null) {
                Printable.append(line.append(": "), cause.getMessage(), MAX_MESSAGE_CHARS);
            }
            appendFrames(line, cause);
            cause = cause.getCause();
        }
        return line.append(cause == null ? "" : "; further causes left out").toString();
    }

    /** Frames that a cause shares with what it caused are left out, as Java does. */
    private static void appendFrames(StringBuilder line, IThrowableProxy thrown) {
        StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
        int own = frames.length - thrown.getCommonFrames();
        for (int i = 0; i < Math.min(own, MAX_FRAMES); i++) {
            line.append("; ").append(frames[i].getSTEAsString());
        }
        if (frames.length > Math.min(own, MAX_FRAMES)) {
            line.append("; ").append(frames.length - Math.min(own, MAX_FRAMES)).append(" more");
        }
    }
}
