package io.chasqui.core.security;

/** A text that is no regular expression, or one that is not offered here. */
public final class InvalidPatternException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int at;

    /**
     * @param at the place in the text, in characters from 0
     */
    InvalidPatternException(String problem, int at) {
        super(problem, null, false, false);
        this.at = at;
    }

    /** What is wrong, in words. */
    public String problem() {
        return String.valueOf(getMessage());
    }

    /** The place in the text, in characters from 0. */
    public int at() {
        return at;
    }
}
