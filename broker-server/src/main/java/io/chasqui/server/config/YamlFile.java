package io.chasqui.server.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads settings out of a YAML file. Levels may be nested or written with dots. Only maps, lists
 * and scalars are looked at, no object is ever built from a file.
 */
final class YamlFile {

    private final String name;
    private final List<String> lines;
    private final String yaml;
    private final Interpolation interpolation;
    private final ConfigSources sources;
    private final Set<String> seen = new HashSet<>();

    /**
     * @param sources told of what is found, good or bad
     */
    YamlFile(String name, String yaml, Interpolation interpolation, ConfigSources sources) {
        this.name = name;
        this.yaml = yaml;
        this.lines = yaml.lines().toList();
        this.interpolation = interpolation;
        this.sources = sources;
    }

    void read() {
        try {
            new Compose(LoadSettings.builder().setLabel(name).build())
                    .composeString(yaml)
                    .ifPresent(root -> read("", root));
        } catch (MarkedYamlEngineException e) {
            sources.problem(at(e.getProblemMark()), "this is no YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            sources.problem(Place.in(name), "this is no YAML: " + e.getMessage());
        }
    }

    private void read(String path, Node node) {
        Optional<Setting<?>> setting = Settings.named(path);
        if (setting.isPresent()) {
            readValue(setting.get(), node);
        } else if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(entry -> readEntry(path, entry));
        } else if (path.isEmpty()) {
            sources.problem(at(node), "must be a map of settings");
        } else if (!isNull(node)) {
            sources.problem(at(node), path + " has settings below it, such as " + firstBelow(path));
        }
    }

    private static String firstBelow(String group) {
        return Settings.ALL.stream()
                .map(Setting::key)
                .filter(key -> key.startsWith(group + "."))
                .findFirst()
                .orElseThrow();
    }

    private void readEntry(String path, NodeTuple entry) {
        if (!(entry.getKeyNode() instanceof ScalarNode key)) {
            sources.problem(at(entry.getKeyNode()), "a key must be text");
            return;
        }
        String full = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
        boolean known = Settings.named(full).isPresent();
        if (known && !seen.add(full)) {
            sources.problem(at(key), full + " is given twice in this file");
        } else if (known || Settings.isGroup(full)) {
            read(full, entry.getValueNode());
        } else {
            sources.unknown(full, at(key));
        }
    }

    private void readValue(Setting<?> setting, Node node) {
        Kind.Shape shape = setting.kind().shape();
        switch (node) {
            case ScalarNode _ when isNull(node) ->
                    sources.problem(
                            at(node), setting.key() + " has no value; write \"\" for an empty one");
            case ScalarNode scalar ->
                    interpolated(scalar).ifPresent(text -> sources.give(setting, text, at(scalar)));
            case SequenceNode list when shape == Kind.Shape.LIST ->
                    readElements(setting, node, elementsOf(setting, list));
            case MappingNode map when shape == Kind.Shape.MAP ->
                    readElements(setting, node, elementsOf(setting, map));
            default ->
                    sources.problem(
                            at(node), setting.key() + " must be " + setting.kind().description());
        }
    }

    /** Gives the elements together, unless one was found wrong. */
    private void readElements(Setting<?> setting, Node node, List<String> elements) {
        boolean allFound =
                switch (node) {
                    case SequenceNode list -> elements.size() == list.getValue().size();
                    case MappingNode map -> elements.size() == map.getValue().size();
                    default -> false;
                };
        if (allFound) {
            sources.give(setting, String.join(", ", elements), at(node));
        }
    }

    private List<String> elementsOf(Setting<?> setting, SequenceNode list) {
        List<String> elements = new ArrayList<>();
        for (Node node : list.getValue()) {
            element(setting, "", node).ifPresent(elements::add);
        }
        return elements;
    }

    private List<String> elementsOf(Setting<?> setting, MappingNode map) {
        List<String> elements = new ArrayList<>();
        for (NodeTuple entry : map.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key) {
                element(setting, key.getValue() + "=", entry.getValueNode())
                        .ifPresent(elements::add);
            } else {
                sources.problem(at(entry.getKeyNode()), "a key must be text");
            }
        }
        return elements;
    }

    /** One element of a list or map as it would stand in the environment; checked by itself. */
    private Optional<String> element(Setting<?> setting, String start, Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            sources.problem(at(node), setting.key() + " must be " + setting.kind().description());
            return Optional.empty();
        }
        return interpolated(scalar)
                .map(text -> start + text)
                .filter(text -> sources.check(setting, text, at(scalar)));
    }

    private Optional<String> interpolated(ScalarNode scalar) {
        try {
            return Optional.of(interpolation.apply(scalar.getValue()));
        } catch (IllegalArgumentException e) {
            sources.problem(at(scalar), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    private Place at(Node node) {
        return at(node.getStartMark());
    }

    private Place at(Optional<Mark> found) {
        if (found.isEmpty()) {
            return Place.in(name);
        }
        Mark mark = found.get();
        String text = mark.getLine() < lines.size() ? lines.get(mark.getLine()) : "";
        return new Place(name, mark.getLine() + 1, mark.getColumn() + 1, text);
    }
}
