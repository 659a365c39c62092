package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.PasswordHash;
import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.security.RabbitHash;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.server.definitions.JsonValues;
import io.chasqui.server.http.HttpRefusal;
import io.chasqui.server.http.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Users: {@code /users}. */
final class UserResource {

    private final Broker broker;

    UserResource(Broker broker) {
        this.broker = broker;
    }

    void mount(Api api) {
        api.get("/users", Need.ADMINISTRATOR, call -> Listing.paged(call, described(all())));
        api.get("/users/without-permissions", Need.ADMINISTRATOR, this::withoutPermissions);
        api.post("/users/bulk-delete", Need.ADMINISTRATOR, this::deleteMany);
        api.get(
                "/users/{name}",
                Need.ADMINISTRATOR,
                call -> Listing.one(call, described(one(call))));
        api.put("/users/{name}", Need.ADMINISTRATOR, this::put);
        api.delete("/users/{name}", Need.ADMINISTRATOR, this::delete);
        api.get("/auth/hash_password/{password}", Need.ADMINISTRATOR, this::hashed);
        api.get("/users/{name}/permissions", Need.ADMINISTRATOR, this::permissions);
    }

    private List<UserDefinition> all() {
        return broker.accounts().users().stream()
                .sorted(Comparator.comparing(UserDefinition::name))
                .toList();
    }

    private List<Map<String, @Nullable Object>> described(List<UserDefinition> users) {
        return users.stream().map(this::described).toList();
    }

    private Map<String, @Nullable Object> described(UserDefinition user) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", user.name());
        fields.put("password_hash", RabbitHash.text(user.password()));
        fields.put("hashing_algorithm", RabbitHash.algorithm(user.password()));
        fields.put("tags", user.tags());
        fields.put("limits", JsonValues.json(broker.accounts().limits(user.name())));
        return fields;
    }

    private UserDefinition one(Call call) throws HttpRefusal {
        UserDefinition user = broker.accounts().user(call.name());
        if (user == null) {
            throw HttpRefusal.notFound();
        }
        return user;
    }

    private Response withoutPermissions(Call call) {
        List<UserDefinition> without =
                all().stream().filter(user -> permissionsOf(user.name()).isEmpty()).toList();
        return Listing.all(call, described(without));
    }

    private Response permissions(Call call) throws HttpRefusal {
        return Listing.all(call, permissionsOf(one(call).name()));
    }

    private List<Map<String, @Nullable Object>> permissionsOf(String user) {
        List<Map<String, @Nullable Object>> found = new ArrayList<>();
        broker.vhosts().all().stream()
                .map(VirtualHost::name)
                .sorted()
                .forEach(vhost ->
                        broker.accounts().permissionsIn(vhost).stream()
                                .filter(permission -> permission.user().equals(user))
                                .forEach(permission -> found.add(described(vhost, permission))));
        return found;
    }

    static Map<String, @Nullable Object> described(String vhost, PermissionDefinition permission) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("user", permission.user());
        fields.put("vhost", vhost);
        fields.put("configure", permission.configure());
        fields.put("write", permission.write());
        fields.put("read", permission.read());
        return fields;
    }

    /** With {@code password}, {@code password_hash}, or neither: then nobody can log in with one. */
    private Response put(Call call) throws Exception {
        Body body = call.body();
        if (!body.fields().containsKey("tags")) {
            throw HttpRefusal.badRequest("tags_not_present");
        }
        String name = call.name();
        UserDefinition user = new UserDefinition(name, passwordOf(body), tagsOf(body.get("tags")));
        boolean isNew = broker.accounts().user(name) == null;
        return Changes.put(broker, broker.administration().putUser(user), isNew);
    }

    private PasswordHash passwordOf(Body body) throws HttpRefusal {
        Optional<String> password = body.optionalText("password");
        Optional<String> hash = body.optionalText("password_hash");
        if (password.isPresent() && hash.isPresent()) {
            throw HttpRefusal.badRequest("both_password_and_password_hash_are_provided");
        }
        if (hash.isPresent()) {
            if (!RabbitHash.isBase64(hash.get())) {
                throw HttpRefusal.badRequest(List.of("not_base64", hash.get()));
            }
            return RabbitHash.of(body.optionalText("hashing_algorithm").orElse(""), hash.get());
        }
        return password.filter(text -> !text.isEmpty())
                .map(broker.passwords()::hash)
                .orElse(PasswordHash.NONE);
    }

    private Response hashed(Call call) {
        PasswordHash hash = broker.passwords().rabbitHash(call.parameter("password"));
        return Response.json(200, Map.of("ok", RabbitHash.text(hash)));
    }

    /** A list, or a text with commas between, as RabbitMQ takes both. */
    static List<String> tagsOf(@Nullable Object tags) throws HttpRefusal {
        return switch (tags) {
            case String text ->
                    Arrays.stream(text.split(",", -1))
                            .map(String::strip)
                            .filter(tag -> !tag.isEmpty())
                            .toList();
            case List<?> list -> list.stream().map(String::valueOf).toList();
            case null, default -> throw HttpRefusal.badRequest(List.of("not_string", "tags"));
        };
    }

    private Response delete(Call call) throws Exception {
        return Changes.done(broker, broker.administration().deleteUser(one(call).name()));
    }

    /** Those that are not there are none's loss. */
    private Response deleteMany(Call call) throws Exception {
        Body body = call.body();
        body.require("users");
        if (!(body.get("users") instanceof List<?> names)) {
            throw HttpRefusal.badRequest(List.of("not_list", "users"));
        }
        long position = 0;
        for (Object name : names) {
            if (broker.accounts().user(String.valueOf(name)) != null) {
                position = broker.administration().deleteUser(String.valueOf(name));
            }
        }
        return Changes.done(broker, position);
    }
}
