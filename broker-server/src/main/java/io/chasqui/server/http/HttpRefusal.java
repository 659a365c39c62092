package io.chasqui.server.http;

/** A request that is refused, in the shape that clients of RabbitMQ's interface know. */
public final class HttpRefusal extends Exception {

    private final int status;
    private final String error;
    private final Object reason;

    /**
     * @param status the HTTP status
     * @param error what kind of refusal it is, for programs
     * @param reason what was wrong, for people: a text, or a list as RabbitMQ sometimes has it
     */
    public HttpRefusal(int status, String error, Object reason) {
        super(error + ": " + reason, null, false, false);
        this.status = status;
        this.error = error;
        this.reason = reason;
    }

    /** The request makes no sense. */
    public static HttpRefusal badRequest(Object reason) {
        return new HttpRefusal(400, "bad_request", reason);
    }

    /** There is no such thing; the words are RabbitMQ's. */
    public static HttpRefusal notFound() {
        return new HttpRefusal(404, "Object Not Found", "Not Found");
    }

    Response response() {
        return Response.refusal(status, error, reason);
    }
}
