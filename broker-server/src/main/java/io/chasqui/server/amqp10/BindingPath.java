package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.DestinationKind;
import io.chasqui.protocol.amqp10.MalformedException;
import java.net.URLEncoder;
import java.util.Map;

/**
 * How the management node names a binding: {@code src=e;dstq=q;key=k;args=h}, each value
 * percent-encoded, with {@code dste} where the destination is an exchange.
 *
 * @param arguments a number for the arguments, empty if there are none
 */
record BindingPath(
        String source, DestinationKind kind, String destination, String key, String arguments) {

    /** The path of a binding. */
    static BindingPath of(BindingDefinition binding) {
        return new BindingPath(
                binding.source(),
                binding.kind(),
                binding.destination(),
                binding.routingKey(),
                number(binding.arguments()));
    }

    private static String number(Arguments arguments) {
        return arguments.isEmpty() ? "" : Integer.toHexString(arguments.hashCode());
    }

    /**
     * @throws IllegalArgumentException if a part is missing
     */
    static BindingPath parse(String path) {
        Map<String, String> parts;
        try {
            parts = ManagementRequest.pairs(path, ";");
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.text(), e);
        }
        String source = parts.get("src");
        String key = parts.get("key");
        String queue = parts.get("dstq");
        String exchange = parts.get("dste");
        if (source == null || key == null || (queue == null && exchange == null)) {
            throw new IllegalArgumentException("'" + path + "' names no binding");
        }
        return new BindingPath(
                source,
                queue == null ? DestinationKind.EXCHANGE : DestinationKind.QUEUE,
                queue == null ? String.valueOf(exchange) : queue,
                key,
                parts.getOrDefault("args", ""));
    }

    /** Whether it names the binding. */
    boolean isOf(BindingDefinition binding) {
        return isAlike(binding) && arguments.equals(number(binding.arguments()));
    }

    /** Whether it names the binding, whatever its arguments. */
    boolean isAlike(BindingDefinition binding) {
        return kind == binding.kind()
                && source.equals(binding.source())
                && destination.equals(binding.destination())
                && key.equals(binding.routingKey());
    }

    String encode() {
        return "src="
                + encode(source)
                + (kind == DestinationKind.QUEUE ? ";dstq=" : ";dste=")
                + encode(destination)
                + ";key="
                + encode(key)
                + ";args="
                + arguments;
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, UTF_8).replace("+", "%20");
    }
}
