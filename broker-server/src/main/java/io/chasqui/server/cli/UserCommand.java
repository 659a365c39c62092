package io.chasqui.server.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chasqui user ...}. */
@Command(
        name = "user",
        description = "Users of a running broker.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB")
public final class UserCommand {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "add",
            description = "Adds a user, or replaces the one of that name.",
            mixinStandardHelpOptions = true)
    int add(
            @Mixin AdminOptions broker,
            @Mixin PasswordOptions password,
            @Option(
                            names = "--tags",
                            split = ",",
                            paramLabel = "TAG",
                            description = "administrator, monitoring, ...")
                    List<String> tags,
            @Option(
                            names = "--no-password",
                            description = "A user who cannot log in with a password.")
                    boolean withoutPassword,
            @Parameters(paramLabel = "NAME") String name) {
        List<String> ofUser = tags == null ? List.of() : tags;
        broker.client()
                .put(
                        AdminClient.path("users", name),
                        withoutPassword
                                ? Map.of("tags", ofUser)
                                : Map.of("password", password.password(), "tags", ofUser));
        return 0;
    }

    @Command(
            name = "passwd",
            description = "Gives a user another password.",
            mixinStandardHelpOptions = true)
    int passwd(
            @Mixin AdminOptions broker,
            @Mixin PasswordOptions password,
            @Parameters(paramLabel = "NAME") String name) {
        broker.client()
                .put(
                        AdminClient.path("users", name, "password"),
                        Map.of("password", password.password()));
        return 0;
    }

    @Command(
            name = "tags",
            description = "Gives a user other tags; none if none are named.",
            mixinStandardHelpOptions = true)
    int tags(
            @Mixin AdminOptions broker,
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1..*", paramLabel = "TAG") List<String> tags) {
        broker.client()
                .put(
                        AdminClient.path("users", name, "tags"),
                        Map.of("tags", tags == null ? List.of() : tags));
        return 0;
    }

    @Command(
            name = "import-hash",
            description = "Adds a user with a password hash that RabbitMQ made.",
            mixinStandardHelpOptions = true)
    int importHash(
            @Mixin AdminOptions broker,
            @Option(
                            names = "--algorithm",
                            paramLabel = "NAME",
                            defaultValue = "rabbit_password_hashing_sha256",
                            description = "As RabbitMQ names it; default: ${DEFAULT-VALUE}.")
                    String algorithm,
            @Option(names = "--tags", split = ",", paramLabel = "TAG") List<String> tags,
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1", paramLabel = "HASH") String hash) {
        broker.client()
                .put(
                        AdminClient.path("users", name),
                        Map.of(
                                "password_hash",
                                hash,
                                "hashing_algorithm",
                                algorithm,
                                "tags",
                                tags == null ? List.of() : tags));
        return 0;
    }

    @Command(
            name = "delete",
            description = "Deletes a user and closes the user's connections.",
            mixinStandardHelpOptions = true)
    int delete(@Mixin AdminOptions broker, @Parameters(paramLabel = "NAME") String name) {
        broker.client().delete(AdminClient.path("users", name));
        return 0;
    }

    @Command(name = "list", description = "Lists the users.", mixinStandardHelpOptions = true)
    int list(@Mixin AdminOptions broker) {
        Listed.print(
                spec.commandLine().getOut(),
                broker.format(),
                broker.client().get("/api/users"),
                "name",
                "tags",
                "hashing_algorithm");
        return 0;
    }
}
