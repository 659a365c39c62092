package io.chasqui.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.Binary;
import io.chasqui.core.definition.ExchangeType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** 0-9-1 §3.1.3.4. What matches was asked of a running RabbitMQ 4.3.6. */
class HeadersExchangeTest {

    private final ExchangeContext context = new ExchangeContext(ExchangeType.HEADERS);

    /** A value of each kind that a header or an argument can have. */
    private static final Map<String, Object> VALUES = values();

    private static Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("text-1", "1");
        values.put("text-empty", "");
        values.put("text-true", "true");
        values.put("binary-1", octets('1'));
        values.put("binary-empty", octets());
        values.put("not-utf8", octets(0xFF));
        values.put("byte-1", (byte) 1);
        values.put("short-1", (short) 1);
        values.put("int-1", 1);
        values.put("long-1", 1L);
        values.put("int-1000", 1000);
        values.put("int-0", 0);
        values.put("long-2^53", 1L << 53);
        values.put("float-1", 1f);
        values.put("double-1", 1d);
        values.put("float-1.1", 1.1f);
        values.put("double-1.1", 1.1);
        values.put("double-0", 0d);
        values.put("double-minus-0", -0d);
        values.put("double-2^53", 0x1p53);
        values.put("true", true);
        values.put("false", false);
        values.put("void", null);
        values.put("time-1", Instant.ofEpochSecond(1));
        values.put("time-1000", Instant.ofEpochSecond(1000));
        values.put("decimal-1", new BigDecimal("1"));
        values.put("decimal-1.0", new BigDecimal("1.0"));
        values.put("array-empty", List.of());
        values.put("array-int", List.of(1));
        values.put("array-long", List.of(1L));
        values.put("array-text", List.of("1"));
        values.put("array-binary", List.of(octets('1')));
        values.put("array-float", List.of(1f));
        values.put("array-double", List.of(1d));
        values.put("table-empty", Map.of());
        values.put("table-int", Map.of("a", 1));
        values.put("table-long", Map.of("a", 1L));
        values.put("table-ab", table("a", "b"));
        values.put("table-ba", table("b", "a"));
        values.put("array-table", List.of(Map.of("a", 1)));
        return values;
    }

    private static Binary octets(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return Binary.of(bytes);
    }

    private static Map<String, Object> table(String first, String second) {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put(first, 1);
        table.put(second, 1);
        return table;
    }

    /** A void argument asks for presence, whatever the value. */
    @ParameterizedTest
    @CsvSource({
        "text-1, text-1 binary-1",
        "text-empty, text-empty binary-empty",
        "text-true, text-true",
        "binary-1, text-1 binary-1",
        "binary-empty, text-empty binary-empty",
        "not-utf8, not-utf8",
        "byte-1, byte-1 short-1 int-1 long-1 time-1",
        "short-1, byte-1 short-1 int-1 long-1 time-1",
        "int-1, byte-1 short-1 int-1 long-1 time-1",
        "long-1, byte-1 short-1 int-1 long-1 time-1",
        "int-1000, int-1000 time-1000",
        "int-0, int-0",
        "long-2^53, long-2^53",
        "float-1, float-1 double-1",
        "double-1, float-1 double-1",
        "float-1.1, float-1.1",
        "double-1.1, double-1.1",
        "double-0, double-0",
        "double-minus-0, double-minus-0",
        "double-2^53, double-2^53",
        "true, true",
        "false, false",
        "void, ''",
        "time-1, int-1000 time-1000",
        "time-1000, ''",
        "decimal-1, decimal-1",
        "decimal-1.0, decimal-1.0",
        "array-empty, array-empty table-empty",
        "array-int, array-int",
        "array-long, array-long",
        "array-text, array-text",
        "array-binary, array-binary",
        "array-float, array-float",
        "array-double, array-double",
        "table-empty, array-empty table-empty",
        "table-int, table-int",
        "table-long, table-long",
        "table-ab, table-ab",
        "table-ba, table-ba",
        "array-table, array-table",
    })
    void a_header_equals_an_argument_as_in_rabbitmq(String header, String arguments) {
        VALUES.forEach((name, value) -> context.bind(name, "", bindingArguments("k", value)));

        List<String> expected = new ArrayList<>(List.of("void"));
        if (!arguments.isEmpty()) {
            expected.addAll(Arrays.asList(arguments.split(" ")));
        }
        Collections.sort(expected);
        assertThat(names(Collections.singletonMap("k", VALUES.get(header)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // arguments        | headers              | matched by these values of x-match, - for none
        "a=1,                a=1,                   all any all-with-x any-with-x -",
        "a=1,                a=2,                   ''",
        "a=1,                '',                    ''",
        "a=1 b=2,            a=1,                   any any-with-x",
        "a=1 b=2,            a=1 b=2,               all any all-with-x any-with-x -",
        "a=1 b=2,            a=2 b=2,               any any-with-x",
        "x-a=1,              x-a=1,                 all all-with-x any-with-x -",
        "x-a=1,              x-a=2,                 all -",
        "x-a=1,              '',                    all -",
        "x-a=1 a=1,          x-a=1,                 any-with-x",
        "x-a=1 a=1,          a=1,                   all any any-with-x -",
        "x-a=1 a=1,          a=1 x-a=1,             all any all-with-x any-with-x -",
        "x-match2=1,         a=1,                   all -",
        "x-match2=1,         x-match2=1,            all all-with-x any-with-x -",
        "x-=1,               x-=1,                  all all-with-x any-with-x -",
        "X-a=1,              X-a=1,                 all any all-with-x any-with-x -",
        "x=1,                x=1,                   all any all-with-x any-with-x -",
        "'',                 '',                    all all-with-x -",
        "'',                 a=1,                   all all-with-x -",
        "'',                 x-match=all,           all all-with-x -",
    })
    void the_four_values_of_x_match(String arguments, String headers, String matching) {
        for (String match : new String[] {"all", "any", "all-with-x", "any-with-x"}) {
            context.bind(match, "", Arguments.of(fields(arguments)).with("x-match", match));
        }
        context.bind("-", "", Arguments.of(fields(arguments)));

        List<String> expected =
                new ArrayList<>(
                        matching.isEmpty() ? List.of() : Arrays.asList(matching.split(" ")));
        Collections.sort(expected);
        assertThat(names(fields(headers))).isEqualTo(expected);
    }

    @Test
    void of_a_header_that_comes_twice_the_last_value_counts() {
        context.bind("first", "", Arguments.of(Map.of("k", 1)));
        context.bind("last", "", Arguments.of(Map.of("k", 2)));

        TestMessage message =
                new TestMessage(
                        List.of(""), List.of(Map.entry("k", 1), Map.entry("k", 2)), Map.of());
        assertThat(BareQueues.names(context.route(message))).containsExactly("last");
    }

    @Test
    void the_routing_key_does_not_matter_and_neither_does_that_of_the_binding() {
        context.bind("q", "some.key", Arguments.of(Map.of("a", 1)));

        assertThat(names(Map.of("a", 1))).containsExactly("q");
    }

    @Test
    void its_routes_are_not_kept_for_the_next_message() {
        assertThat(context.route("k").isCacheable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "any"})
    void what_is_found_by_the_index_is_what_matches_one_by_one(String match) {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            ExchangeContext exchange = new ExchangeContext(ExchangeType.HEADERS);
            Map<String, HeaderTerms> bound = new HashMap<>();
            for (int step = 0; step < 200; step++) {
                String queue = "q" + random.nextInt(20);
                Arguments arguments = Arguments.of(randomFields(random)).with("x-match", match);
                if (random.nextInt(3) > 0) {
                    exchange.bind(queue, "", arguments);
                    bound.put(queue + arguments, HeaderTerms.of(arguments));
                } else {
                    exchange.unbind(queue, "", arguments);
                    bound.remove(queue + arguments);
                }
                Map<String, Object> headers = randomFields(random);
                Map<String, Object> comparable = new HashMap<>();
                headers.forEach(
                        (name, value) -> comparable.put(name, HeaderValue.ofMessage(value)));
                List<String> expected =
                        bound.entrySet().stream()
                                .filter(entry -> entry.getValue().match(comparable))
                                .map(entry ->
                                        entry.getKey().substring(0, entry.getKey().indexOf('{')))
                                .distinct()
                                .sorted()
                                .toList();
                assertThat(BareQueues.names(exchange.route(TestMessage.withHeaders(headers))))
                        .as("seed %d, step %d, %s", seed, step, headers)
                        .isEqualTo(expected);
            }
        }
    }

    private static Map<String, Object> randomFields(Random random) {
        Map<String, Object> fields = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            fields.put("k" + random.nextInt(4), random.nextInt(3));
        }
        return fields;
    }

    @Test
    void a_message_does_not_pay_for_the_bindings_that_it_does_not_match() {
        int bindings = 50_000;
        for (int i = 0; i < bindings; i++) {
            context.bind("q" + i, "", Arguments.of(Map.of("type", "order", "customer", i)));
        }
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> {
                    for (int i = 0; i < bindings; i++) {
                        assertThat(names(Map.of("type", "order", "customer", i)))
                                .containsExactly("q" + i);
                    }
                });
    }

    private List<String> names(Map<String, Object> headers) {
        return BareQueues.names(context.route(TestMessage.withHeaders(headers)));
    }

    private static Arguments bindingArguments(String name, Object value) {
        return Arguments.of(Collections.singletonMap(name, value));
    }

    private static Map<String, Object> fields(String text) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String field : text.split(" ")) {
            if (!field.isEmpty()) {
                String[] nameAndValue = field.split("=");
                fields.put(nameAndValue[0], nameAndValue[1]);
            }
        }
        return fields;
    }
}
