package io.chasqui.server.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A path with names where anything may stand: {@code /api/queues/{vhost}/{name}}.
 *
 * <p>A path is split at its slashes first and decoded then, so that {@code %2F} is part of a name,
 * as in RabbitMQ's interface.
 */
final class PathTemplate {

    private final List<String> segments;

    PathTemplate(String template) {
        this.segments = split(template);
    }

    /**
     * The segments of a path, decoded.
     *
     * @throws IllegalArgumentException if one is not properly encoded
     */
    static List<String> decoded(String path) {
        return split(path).stream().map(PathTemplate::decode).toList();
    }

    private static List<String> split(String path) {
        List<String> segments = new ArrayList<>(List.of(path.substring(1).split("/", -1)));
        if (segments.size() > 1 && segments.getLast().isEmpty()) {
            segments.removeLast();
        }
        return List.copyOf(segments);
    }

    /** What stands at the names, if a path of these segments has this shape. */
    Optional<Map<String, String>> match(List<String> path) {
        if (path.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new TreeMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String expected = segments.get(i);
            String found = path.get(i);
            if (isName(expected)) {
                parameters.put(expected.substring(1, expected.length() - 1), found);
            } else if (!expected.equals(found)) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }

    private static boolean isName(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }

    /** A plus sign stands for itself in a path. */
    private static String decode(String segment) {
        return QueryStringDecoder.decodeComponent(segment.replace("+", "%2B"));
    }
}
