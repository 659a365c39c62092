package io.chasqui.server.management;

import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Request;
import java.util.Optional;

/** A request, and who it is from. */
public record Call(Request request, Caller caller) {

    /** What stands in the path where the template has {@code {name}}. */
    public String parameter(String name) {
        return request.parameter(name);
    }

    /** The virtual host of the path. */
    public String vhost() {
        return parameter("vhost");
    }

    /** The name of the path. */
    public String name() {
        return parameter("name");
    }

    /** A field of the query. */
    public Optional<String> query(String field) {
        return request.queryField(field);
    }

    /** Whether a field of the query is {@code true}. */
    public boolean asks(String field) {
        return query(field).filter("true"::equals).isPresent();
    }

    /**
     * The body, a JSON object; an empty one counts as an empty object.
     *
     * @throws HttpRefusal if it is not one
     */
    public Body body() throws HttpRefusal {
        return Body.of(request);
    }
}
