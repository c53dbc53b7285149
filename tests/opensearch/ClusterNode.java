package gisa;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/**
 * One node of a real OpenSearch cluster, made of the same jars that the distribution is made of. Arguments: key=value
 * settings, as in opensearch.yml. It runs until it is killed.
 */
public final class ClusterNode extends Node {
  private ClusterNode(Settings settings, Path home) {
    super(
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home.resolve("config"), () -> "node"),
        List.of(Netty4Plugin.class, CommonAnalysisPlugin.class),
        true);
  }

  public static void main(String[] arguments) throws Exception {
    Settings.Builder settings = Settings.builder();
    for (String argument : arguments) {
      int cut = argument.indexOf('=');
      String key = argument.substring(0, cut);
      String value = argument.substring(cut + 1);
      if (value.indexOf(',') >= 0) settings.putList(key, value.split(","));
      else settings.put(key, value);
    }
    Settings made = settings.build();
    ClusterNode node = new ClusterNode(made, Path.of(made.get("path.home")));
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        node.close();
      } catch (Exception failure) {
        failure.printStackTrace();
      }
      ended.countDown();
    }));
    node.start();
    System.out.println("started " + made.get("node.name"));
    ended.await();
  }
}
