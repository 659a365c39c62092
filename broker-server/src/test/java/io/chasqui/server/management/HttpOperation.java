package io.chasqui.server.management;

import java.util.List;

/**
 * One request of the permission matrix.
 *
 * <p>In what is sent {@code V} stands in braces for the virtual host, {@code U} for a user who is
 * nobody's concern, {@code C} and {@code H} for a connection and a channel of guest's in the virtual
 * host, and {@code N} for the node.
 *
 * @param request method and path below {@code /api}, as one text; the name of the operation
 * @param body what is sent with it
 * @param undo requests by an administrator that make it as if it had not been, if it was done
 */
record HttpOperation(String request, String body, List<Undo> undo) {

    /** A request of an administrator. */
    record Undo(String request, String body) {}

    static HttpOperation of(String request, String body) {
        return new HttpOperation(request, body, List.of());
    }

    static HttpOperation of(String request) {
        return of(request, "");
    }

    HttpOperation undoneBy(String request, String body) {
        return new HttpOperation(this.request, this.body, List.of(new Undo(request, body)));
    }

    HttpOperation undoneBy(String request) {
        return undoneBy(request, "");
    }

    /** What it is called in the recording: two operations may differ in their bodies only. */
    String name() {
        return body.isEmpty() ? request : request + " " + body;
    }
}
