package io.chasqui.server.cli;

/** Why an administration command did not do what it should; ends it with an exit status. */
final class AdminFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The broker refused. */
    static final int FAILED = 1;

    /** No broker answers. */
    static final int UNREACHABLE = 3;

    /** The configuration that should say where the broker is does not. */
    static final int BAD_CONFIGURATION = 78;

    private final int status;

    AdminFailure(int status, String text) {
        super(text, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
