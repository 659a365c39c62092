package io.chasqui.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.server.http.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints a list of things with the same fields. */
final class Listed {

    private Listed() {}

    static void print(
            PrintWriter out,
            AdminOptions.Format format,
            List<Map<String, Object>> things,
            String... fields) {
        switch (format) {
            case json -> out.println(new String(Json.write(things), UTF_8));
            case tsv -> rows(things, fields).forEach(row -> out.println(String.join("\t", row)));
            case table -> table(out, rows(things, fields), fields);
        }
        out.flush();
    }

    private static List<List<String>> rows(List<Map<String, Object>> things, String... fields) {
        List<List<String>> rows = new ArrayList<>();
        for (Map<String, Object> thing : things) {
            List<String> row = new ArrayList<>();
            for (String field : fields) {
                row.add(text(thing.getOrDefault(field, "")));
            }
            rows.add(row);
        }
        return rows;
    }

    /** On one line, whatever is in it: names are the clients' and may hold anything. */
    private static String text(Object value) {
        String text =
                switch (value) {
                    case Map<?, ?> map -> new String(Json.write(map), UTF_8);
                    case List<?> list ->
                            String.join(",", list.stream().map(String::valueOf).toList());
                    default -> String.valueOf(value);
                };
        StringBuilder printable = new StringBuilder();
        text.codePoints()
                .forEach(c -> printable.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return printable.toString();
    }

    private static void table(PrintWriter out, List<List<String>> rows, String... fields) {
        List<List<String>> all = new ArrayList<>();
        all.add(
                List.of(fields).stream()
                        .map(field -> field.toUpperCase(Locale.ROOT).replace('_', ' '))
                        .toList());
        all.addAll(rows);
        int[] widths = new int[fields.length];
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
