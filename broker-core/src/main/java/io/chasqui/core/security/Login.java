package io.chasqui.core.security;

/** What came of a login. */
public enum Login {
    ACCEPTED,
    /** Wrong password, no such user, or one without a password: nobody is told which. */
    REFUSED,
    /** Right name and password, but this user may only connect from the broker's own host. */
    REFUSED_FROM_AFAR,
    /** Not looked at: too many failures from there before, or too many logins at once. */
    REFUSED_UNSEEN;

    /** What the log is told; the client never is. */
    public String why(String user) {
        return "user '"
                + user
                + switch (this) {
                    case ACCEPTED -> "' is welcome";
                    case REFUSED -> "' - invalid credentials";
                    case REFUSED_FROM_AFAR -> "' can only connect via localhost";
                    case REFUSED_UNSEEN -> "' - too many failed or waiting logins, try later";
                };
    }
}
