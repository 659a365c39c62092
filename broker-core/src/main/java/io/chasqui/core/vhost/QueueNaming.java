package io.chasqui.core.vhost;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.refusal.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * Names which the broker makes up for queues declared without one: a prefix, {@code -}, and 22
 * characters for 128 random bits, in the alphabet that a URL can carry.
 */
final class QueueNaming {

    /** Asks for another prefix (RabbitMQ 4.3); never kept among a queue's arguments. */
    static final String PREFIX_ARGUMENT = "x-name-prefix";

    private static final String DEFAULT_PREFIX = "amq.gen";
    private static final int MAX_PREFIX_BYTES = 64;
    private static final int RANDOM_BYTES = 16;

    private final RandomGenerator random;

    QueueNaming(RandomGenerator random) {
        this.random = random;
    }

    String next(Arguments arguments) {
        return prefix(arguments) + "-" + randomText();
    }

    /** An address for direct replies, which is as good as a secret. */
    String nextReplyAddress() {
        return ReplyQueues.PREFIX + randomText();
    }

    private String randomText() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String prefix(Arguments arguments) {
        String prefix = arguments.text(PREFIX_ARGUMENT).orElse("");
        if (prefix.getBytes(StandardCharsets.UTF_8).length > MAX_PREFIX_BYTES) {
            throw new Refusal.PreconditionFailed(
                    "Queue name prefix '"
                            + Names.withoutLineBreaks(prefix)
                            + "' exceeds the 64-byte limit");
        }
        return prefix.isEmpty() ? DEFAULT_PREFIX : Names.withoutLineBreaks(prefix);
    }
}
