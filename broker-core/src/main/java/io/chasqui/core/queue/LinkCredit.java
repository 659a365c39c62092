package io.chasqui.core.queue;

/**
 * How many messages a consumer may still be given where its client allows each one beforehand (1.0
 * §2.6.7). Counts as the wire does: what was given out so far, and how far that may go; both are
 * serial numbers of 32 bits, so that an allowance that crosses messages under way is still exact.
 */
final class LinkCredit {

    private int given;
    private int limit;

    /** Allows {@code messages} more than the first {@code received} ones. */
    void grant(int received, int messages) {
        limit = received + messages;
    }

    /** Whether another one may be given. */
    boolean isLeft() {
        return limit - given > 0;
    }

    /** One was given. */
    void use() {
        given++;
    }

    /** One that was given never went out. */
    void giveBack() {
        given--;
    }

    /** Counts what is left as given. */
    void forgo() {
        if (isLeft()) {
            given = limit;
        }
    }
}
