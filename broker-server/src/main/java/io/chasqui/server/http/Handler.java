package io.chasqui.server.http;

/**
 * Answers requests. Runs on a virtual thread of its own, never on an event loop: it may wait for
 * futures of other threads as long as it likes.
 */
@FunctionalInterface
public interface Handler {

    /**
     * @throws HttpRefusal to refuse the request with that status
     * @throws Exception if it went wrong: the client gets a 500 and nothing of the reason
     */
    Response handle(Request request) throws Exception;
}
