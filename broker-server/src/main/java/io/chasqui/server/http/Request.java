package io.chasqui.server.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request, whole.
 *
 * @param path as it was sent, still encoded, without the query
 * @param parameters what stands in the path at the names of the route's template, decoded
 * @param query the decoded fields of the query, with all their values in order
 * @param peer who asks: an address, or the path of a unix domain socket
 */
public record Request(
        String method,
        String path,
        Map<String, String> parameters,
        Map<String, List<String>> query,
        HttpHeaders headers,
        byte[] body,
        SocketAddress peer) {

    /** What stands in the path where the template has {@code {name}}. */
    public String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no {" + name + "}");
        }
        return value;
    }

    /** The first value of a field of the query. */
    public Optional<String> queryField(String name) {
        return queryFields(name).stream().findFirst();
    }

    /** All values of a field of the query. */
    public List<String> queryFields(String name) {
        return query.getOrDefault(name, List.of());
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /**
     * The body, a JSON object.
     *
     * @throws HttpRefusal if it is not one
     */
    public Map<String, Object> jsonObject() throws HttpRefusal {
        return Json.readObject(body);
    }
}
