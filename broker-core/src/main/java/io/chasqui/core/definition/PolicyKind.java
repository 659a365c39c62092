package io.chasqui.core.definition;

/** Whose policy it is: one of the application's, or one the operator limits those with. */
public enum PolicyKind {
    USER,
    OPERATOR
}
