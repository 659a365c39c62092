package io.chasqui.server.admin;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.PasswordHash;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.RabbitHash;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Request;
import io.chasqui.server.http.Response;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Users: {@code /api/users}. */
final class UserRoutes {

    private final Broker broker;

    UserRoutes(Broker broker) {
        this.broker = broker;
    }

    /** Hashes are not shown: whoever lists users need not know them. */
    Response list(Request request) {
        return Response.json(
                200,
                broker.accounts().users().stream()
                        .sorted(Comparator.comparing(UserDefinition::name))
                        .map(UserRoutes::described)
                        .toList());
    }

    private static Map<String, Object> described(UserDefinition user) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", user.name());
        fields.put("tags", user.tags());
        fields.put(
                "hashing_algorithm",
                user.password().equals(PasswordHash.NONE)
                        ? ""
                        : RabbitHash.algorithm(user.password()));
        return fields;
    }

    /** Adds or replaces a user: {@code password}, or {@code password_hash}, or neither; {@code tags}. */
    Response put(Request request) throws Exception {
        Map<String, Object> body = request.jsonObject();
        return put(
                new UserDefinition(
                        request.parameter("name"), passwordOf(body), tagsOf(body.get("tags"))));
    }

    Response changePassword(Request request) throws Exception {
        UserDefinition user = existing(request);
        return put(new UserDefinition(user.name(), passwordOf(request.jsonObject()), user.tags()));
    }

    Response changeTags(Request request) throws Exception {
        UserDefinition user = existing(request);
        return put(
                new UserDefinition(
                        user.name(), user.password(), tagsOf(request.jsonObject().get("tags"))));
    }

    private Response put(UserDefinition user) throws Exception {
        return AdminRoutes.put(broker, broker.administration().putUser(user));
    }

    Response delete(Request request) throws Exception {
        return AdminRoutes.deleted(
                broker, broker.administration().deleteUser(request.parameter("name")));
    }

    private UserDefinition existing(Request request) {
        String name = request.parameter("name");
        UserDefinition user = broker.accounts().user(name);
        if (user == null) {
            throw new Refusal.NotFound("no user '" + name + "'");
        }
        return user;
    }

    private PasswordHash passwordOf(Map<String, Object> body) throws HttpRefusal {
        if (body.get("password") instanceof String password) {
            if (password.isEmpty()) {
                throw HttpRefusal.badRequest("the password must not be empty");
            }
            return broker.passwords().hash(password);
        }
        return body.get("password_hash") instanceof String hash
                ? RabbitHash.of(
                        body.get("hashing_algorithm") instanceof String algorithm ? algorithm : "",
                        hash)
                : PasswordHash.NONE;
    }

    /** A list, or texts with commas between, as RabbitMQ takes both. */
    private static List<String> tagsOf(@Nullable Object tags) throws HttpRefusal {
        return switch (tags) {
            case null -> List.of();
            case String text ->
                    Arrays.stream(text.split(",", -1))
                            .map(String::strip)
                            .filter(tag -> !tag.isEmpty())
                            .toList();
            case List<?> list -> list.stream().map(String::valueOf).toList();
            default -> throw HttpRefusal.badRequest("tags must be a list or a text");
        };
    }
}
