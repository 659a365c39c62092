package io.chasqui.server.config;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

/**
 * Reads settings out of YAML. Levels may be nested or written with dots. Only maps, lists and
 * scalars are looked at, no object is ever built from a file.
 */
final class YamlSettings {

    private final String file;
    private final List<String> problems;
    private final ConfigSources.Taker taker;
    private final Set<String> seen = new HashSet<>();

    YamlSettings(String file, List<String> problems, ConfigSources.Taker taker) {
        this.file = file;
        this.problems = problems;
        this.taker = taker;
    }

    void read(String yaml) {
        LoadSettings settings = LoadSettings.builder().setLabel(file).build();
        try {
            new Compose(settings).composeString(yaml).ifPresent(root -> read("", root));
        } catch (MarkedYamlEngineException e) {
            problems.add(at(e.getProblemMark()) + ": " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.add(file + ": " + e.getMessage());
        }
    }

    private void read(String path, Node node) {
        if (!path.isEmpty() && Settings.named(path).isPresent()) {
            readValue(path, node);
        } else if (node instanceof MappingNode mapping
                && (path.isEmpty() || Settings.isGroup(path))) {
            for (NodeTuple entry : mapping.getValue()) {
                readEntry(path, entry);
            }
        } else if (path.isEmpty()) {
            problems.add(at(node.getStartMark()) + ": must be a map of settings");
        } else if (!isNull(node) || !Settings.isGroup(path)) {
            // Passing the path on as if it were a setting reports it with its nearest neighbour.
            taker.give(path, "", at(node.getStartMark()));
        }
    }

    private void readEntry(String path, NodeTuple entry) {
        if (!(entry.getKeyNode() instanceof ScalarNode key)) {
            problems.add(at(entry.getKeyNode().getStartMark()) + ": a key must be text");
            return;
        }
        String full = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
        boolean known = Settings.named(full).isPresent();
        if (known && !seen.add(full)) {
            problems.add(at(key.getStartMark()) + ": " + full + " is given twice");
        } else if (known || Settings.isGroup(full)) {
            read(full, entry.getValueNode());
        } else {
            taker.give(full, "", at(key.getStartMark()));
        }
    }

    private void readValue(String path, Node node) {
        String where = at(node.getStartMark());
        switch (node) {
            case ScalarNode scalar -> taker.give(path, scalar.getValue(), where);
            case SequenceNode list
                    when list.getValue().stream().allMatch(ScalarNode.class::isInstance) ->
                    taker.give(
                            path,
                            list.getValue().stream()
                                    .map(element -> ((ScalarNode) element).getValue())
                                    .collect(Collectors.joining(",")),
                            where);
            default -> problems.add(where + ": " + path + " must be a single value or a list");
        }
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar && scalar.getValue().isEmpty();
    }

    private String at(Optional<Mark> mark) {
        return mark.map(m -> file + ":" + (m.getLine() + 1) + ":" + (m.getColumn() + 1))
                .orElse(file);
    }
}
