package io.chasqui.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the handler of a request by its method and path. Filled before the server starts, read by
 * many threads then; of two templates that fit, the one added first counts.
 */
public final class Router {

    private final List<Route> routes = new ArrayList<>();
    private @Nullable Handler otherwise;

    private record Route(String method, PathTemplate template, Handler handler) {}

    /** Where a request goes. */
    sealed interface Found {

        /** A handler, and what stands in the path. */
        record Target(Handler handler, Map<String, String> parameters) implements Found {}

        /** Something is there, but not for this method; {@code allow} lists those that are. */
        record OtherMethods(String allow) implements Found {}

        /** Nothing is there. */
        record Nothing() implements Found {}
    }

    /**
     * Adds a route.
     *
     * @param method in capitals; GET answers HEAD too, and OPTIONS is answered for every path
     * @param template {@code /path/{name}/...}: braces stand for one segment, whatever is in it
     */
    public Router on(String method, String template, Handler handler) {
        routes.add(new Route(method, new PathTemplate(template), handler));
        return this;
    }

    public Router get(String template, Handler handler) {
        return on("GET", template, handler);
    }

    public Router put(String template, Handler handler) {
        return on("PUT", template, handler);
    }

    public Router post(String template, Handler handler) {
        return on("POST", template, handler);
    }

    public Router delete(String template, Handler handler) {
        return on("DELETE", template, handler);
    }

    /** What is done with paths that nothing is mounted at. */
    public Router otherwise(Handler handler) {
        otherwise = handler;
        return this;
    }

    /**
     * @param path still encoded
     * @throws IllegalArgumentException if it is not properly encoded
     */
    Found find(String method, String path) {
        if (!path.startsWith("/")) {
            return nothing();
        }
        String wanted = method.equals("HEAD") ? "GET" : method;
        List<String> segments = PathTemplate.decoded(path);
        TreeSet<String> others = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> parameters = route.template.match(segments);
            if (parameters.isPresent()) {
                if (route.method.equals(wanted)) {
                    return new Found.Target(route.handler, parameters.get());
                }
                others.add(route.method);
            }
        }
        if (others.isEmpty()) {
            return nothing();
        }
        if (others.contains("GET")) {
            others.add("HEAD");
        }
        others.add("OPTIONS");
        return new Found.OtherMethods(String.join(", ", others));
    }

    private Found nothing() {
        return otherwise == null ? new Found.Nothing() : new Found.Target(otherwise, Map.of());
    }
}
