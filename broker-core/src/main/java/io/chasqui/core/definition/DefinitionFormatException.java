package io.chasqui.core.definition;

/** Octets that are no definition change, or one of a later version than this broker's. */
public final class DefinitionFormatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DefinitionFormatException(String message) {
        super(message);
    }

    public DefinitionFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
