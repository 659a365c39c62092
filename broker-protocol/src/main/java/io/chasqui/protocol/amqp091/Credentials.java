package io.chasqui.protocol.amqp091;

/**
 * Who a client claims to be, and its proof. An empty password is passed on as it came; whoever checks
 * it must refuse it. {@link #toString} hides the password.
 */
public record Credentials(String username, String password) {

    @Override
    public String toString() {
        return "Credentials[username=" + username + ", password=hidden]";
    }
}
