package io.chasqui.core.refusal;

/**
 * A request that a rule of the broker does not allow. Thrown where the rule is, caught in one place
 * per protocol and mapped there by one exhaustive switch (0-9-1 reply code, 1.0 error condition,
 * HTTP status).
 *
 * <p>The message is the text a client sees, in RabbitMQ's words and without the code's name in
 * front, because clients match on it. No stack trace is taken: a refusal is an answer, not a fault.
 */
public abstract sealed class Refusal extends RuntimeException
        permits Refusal.NotFound,
                Refusal.AccessRefused,
                Refusal.PreconditionFailed,
                Refusal.ResourceLocked,
                Refusal.NotAllowed,
                Refusal.NotImplemented,
                Refusal.ResourceError {

    private static final long serialVersionUID = 1L;

    private Refusal(String text) {
        super(text, null, false, false);
    }

    /** The text for the client. */
    public final String text() {
        return String.valueOf(getMessage());
    }

    /** The thing named does not exist (0-9-1: 404). */
    public static final class NotFound extends Refusal {
        private static final long serialVersionUID = 1L;

        public NotFound(String text) {
            super(text);
        }
    }

    /** This user may not, or nobody may (0-9-1: 403). */
    public static final class AccessRefused extends Refusal {
        private static final long serialVersionUID = 1L;

        public AccessRefused(String text) {
            super(text);
        }
    }

    /** It exists, but not as the request supposes (0-9-1: 406). */
    public static final class PreconditionFailed extends Refusal {
        private static final long serialVersionUID = 1L;

        public PreconditionFailed(String text) {
            super(text);
        }
    }

    /** Another connection holds it exclusively (0-9-1: 405). */
    public static final class ResourceLocked extends Refusal {
        private static final long serialVersionUID = 1L;

        public ResourceLocked(String text) {
            super(text);
        }
    }

    /** Not allowed in this place or a second time (0-9-1: 530, closes the connection). */
    public static final class NotAllowed extends Refusal {
        private static final long serialVersionUID = 1L;

        public NotAllowed(String text) {
            super(text);
        }
    }

    /** The broker does not do this (0-9-1: 540, closes the connection). */
    public static final class NotImplemented extends Refusal {
        private static final long serialVersionUID = 1L;

        public NotImplemented(String text) {
            super(text);
        }
    }

    /** A limit or a resource is exhausted (0-9-1: 506). */
    public static final class ResourceError extends Refusal {
        private static final long serialVersionUID = 1L;

        public ResourceError(String text) {
            super(text);
        }
    }
}
