package io.chasqui.server.management;

import io.chasqui.core.security.InvalidPatternException;
import io.chasqui.core.security.NamePattern;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lists as RabbitMQ's interface answers with them: {@code sort} and {@code sort_reverse}, {@code
 * columns}, and for those that can be long {@code page}, {@code page_size}, {@code name} and {@code
 * use_regex}. Without {@code page} there is the whole list, and {@code name} says nothing.
 */
public final class Listing {

    private static final int USUAL_PAGE = 100;
    private static final int LARGEST_PAGE = 500;

    private Listing() {}

    /** One object, with the columns asked for. */
    public static Response one(Call call, Map<String, @Nullable Object> object) {
        return Response.json(200, columns(call).map(c -> picked(object, c)).orElse(object));
    }

    /** The whole list, sorted if asked for. */
    public static Response all(Call call, List<Map<String, @Nullable Object>> objects) {
        return Response.json(200, withColumns(call, sorted(call, objects)));
    }

    /**
     * A page of the list, or the whole of it if none is asked for.
     *
     * @throws HttpRefusal if there is no such page
     */
    public static Response paged(Call call, List<Map<String, @Nullable Object>> objects)
            throws HttpRefusal {
        if (call.query("page").isEmpty()) {
            return all(call, objects);
        }
        long page = number(call, "page").orElse(1L);
        Optional<Long> askedSize = number(call, "page_size");
        long size = askedSize.orElse((long) USUAL_PAGE);
        if (page < 1 || size < 1 || size > LARGEST_PAGE) {
            throw new HttpRefusal(
                    400,
                    "invalid_pagination_parameters",
                    "Invalid pagination parameters: page number "
                            + page
                            + ", page size "
                            + askedSize.map(String::valueOf).orElse("undefined"));
        }
        List<Map<String, @Nullable Object>> found = sorted(call, named(call, objects));
        long pages = (found.size() + size - 1) / size;
        if (page > Math.max(1, pages)) {
            throw new HttpRefusal(
                    400,
                    "page_out_of_range",
                    "Page out of range, page: "
                            + page
                            + " page size: "
                            + size
                            + ", len: "
                            + found.size());
        }
        int from = (int) ((page - 1) * size);
        int to = (int) Math.min(found.size(), from + size);
        List<?> items = withColumns(call, found.subList(from, to));
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("filtered_count", found.size());
        reply.put("item_count", items.size());
        reply.put("items", items);
        reply.put("page", page);
        reply.put("page_count", pages);
        reply.put("page_size", size);
        reply.put("total_count", objects.size());
        return Response.json(200, reply);
    }

    private static Optional<Long> number(Call call, String field) throws HttpRefusal {
        try {
            return call.query(field).map(Long::parseLong);
        } catch (NumberFormatException _) {
            throw HttpRefusal.badRequest("Pagination parameters are invalid");
        }
    }

    private static List<Map<String, @Nullable Object>> named(
            Call call, List<Map<String, @Nullable Object>> objects) {
        String wanted = call.query("name").orElse("");
        if (wanted.isEmpty()) {
            return objects;
        }
        Predicate<String> fits = call.asks("use_regex") ? matching(wanted) : containing(wanted);
        return objects.stream()
                .filter(object -> object.get("name") instanceof String name && fits.test(name))
                .toList();
    }

    private static Predicate<String> containing(String part) {
        String wanted = part.toLowerCase(Locale.ROOT);
        return name -> name.toLowerCase(Locale.ROOT).contains(wanted);
    }

    /** A pattern that is none fits nothing, as in RabbitMQ. */
    private static Predicate<String> matching(String pattern) {
        try {
            return NamePattern.of("(?i)" + pattern)::isIn;
        } catch (InvalidPatternException _) {
            return _ -> false;
        }
    }

    private static List<Map<String, @Nullable Object>> sorted(
            Call call, List<Map<String, @Nullable Object>> objects) {
        Optional<String> field = call.query("sort").filter(name -> !name.isEmpty());
        if (field.isEmpty()) {
            return objects;
        }
        List<String> path = path(field.get());
        List<Map<String, @Nullable Object>> sorted = new ArrayList<>(objects);
        sorted.sort(Comparator.comparing(object -> at(object, path), Listing::compare));
        if (call.asks("sort_reverse")) {
            Collections.reverse(sorted);
        }
        return sorted;
    }

    /** Numbers before everything else, nothing before numbers. */
    private static int compare(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return Boolean.compare(a != null, b != null);
        }
        if (a instanceof Number first && b instanceof Number second) {
            return first instanceof Double || second instanceof Double
                    ? Double.compare(first.doubleValue(), second.doubleValue())
                    : Long.compare(first.longValue(), second.longValue());
        }
        if (a instanceof Number || b instanceof Number) {
            return Boolean.compare(b instanceof Number, a instanceof Number);
        }
        return a.toString().compareTo(b.toString());
    }

    private static Optional<List<List<String>>> columns(Call call) {
        return call.query("columns")
                .map(list -> Arrays.stream(list.split(",")).map(Listing::path).toList());
    }

    private static List<String> path(String dotted) {
        return List.of(dotted.split("\\."));
    }

    private static List<?> withColumns(Call call, List<Map<String, @Nullable Object>> objects) {
        Optional<List<List<String>>> columns = columns(call);
        if (columns.isEmpty()) {
            return objects;
        }
        return objects.stream().map(object -> picked(object, columns.get())).toList();
    }

    private static Map<String, @Nullable Object> picked(
            Map<String, @Nullable Object> object, List<List<String>> columns) {
        Map<String, @Nullable Object> picked = new LinkedHashMap<>();
        for (List<String> column : columns) {
            pick(object, column, picked);
        }
        return picked;
    }

    private static void pick(Map<?, ?> from, List<String> path, Map<String, @Nullable Object> to) {
        String first = path.getFirst();
        if (!from.containsKey(first)) {
            return;
        }
        Object value = from.get(first);
        if (path.size() == 1) {
            to.put(first, value);
        } else if (value instanceof Map<?, ?> inside) {
            Map<String, @Nullable Object> picked = new LinkedHashMap<>();
            if (to.get(first) instanceof Map<?, ?> before) {
                before.forEach((name, each) -> picked.put(String.valueOf(name), each));
            }
            pick(inside, path.subList(1, path.size()), picked);
            if (!picked.isEmpty()) {
                to.put(first, picked);
            }
        }
    }

    private static @Nullable Object at(Map<?, ?> object, List<String> path) {
        Object value = object.get(path.getFirst());
        if (path.size() == 1) {
            return value;
        }
        return value instanceof Map<?, ?> inside ? at(inside, path.subList(1, path.size())) : null;
    }
}
