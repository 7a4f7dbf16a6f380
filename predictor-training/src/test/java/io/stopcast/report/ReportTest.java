package io.stopcast.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.Interval;
import io.stopcast.replay.Learner;
import io.stopcast.replay.Results;
import io.stopcast.replay.Split;
import io.stopcast.run.Run;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page and the plots of an evaluation whose runs, tasks, metrics and sources have names that mean harm. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportTest {
  private static final Promise KEPT =
      new Promise(Split.UNSEEN_TASK, .1, "the share of runs that lose more than 0.02", .1, .04, new Interval(.01, .09), .25, 96);

  private final List<Run> runs = Evaluations.hostileRuns();
  private Evaluation evaluation;
  private Report report;
  private String html;
  private Document page;
  private JsonNode data;

  @BeforeAll
  void evaluate() throws Exception {
    evaluation =
        Evaluations.of(runs, Evaluations.small(), List.of(Split.KNOWN_TASK, Split.UNSEEN_TASK), List.of(KEPT));
    report = Report.of(evaluation);
    html = report.html();
    page = Jsoup.parse(html);
    data = new ObjectMapper().readTree(page.getElementById("data").data());
  }

  @Test
  void html_hostileNames_areNoMarkup() {
    Set<String> tags = new TreeSet<>();
    for (Element element : page.getAllElements()) {
      tags.add(element.tagName());
      for (Attribute attribute : element.attributes()) {
        assertFalse(attribute.getKey().startsWith("on"), element.tagName() + " has " + attribute);
        assertFalse(Set.of("src", "href", "style", "srcdoc").contains(attribute.getKey()), element.tagName() + " has " + attribute);
      }
    }
    assertEquals(
        new TreeSet<>(
            Set.of(
                "#root", "html", "head", "meta", "title", "style", "body", "header", "main", "div", "h1", "h2", "p", "noscript",
                "footer", "script")),
        tags);
    assertEquals(3, page.getElementsByTag("script").size());
    assertEquals(2, page.getElementsByTag("style").size());
  }

  @Test
  void html_hostileNames_areInTheDataAsTheyWere() {
    Set<String> tasks = new TreeSet<>();
    data.at("/splits/0/at/0/tasks").forEach(task -> tasks.add(task.get("task").asText()));
    Set<String> metrics = new TreeSet<>();
    data.get("runs").forEach(run -> metrics.add(run.get("metric").asText()));
    Set<String> expectedTasks = new TreeSet<>();
    Set<String> expectedMetrics = new TreeSet<>();
    Evaluations.HOSTILE.forEach(
        name -> {
          expectedTasks.add("t" + name);
          expectedMetrics.add("m" + name);
        });
    assertEquals(expectedTasks, tasks);
    assertEquals(expectedMetrics, metrics);
  }

  @Test
  void html_contentSecurityPolicy_allowsWhatIsThereAndNothingElse() throws Exception {
    StringBuilder expected = new StringBuilder("default-src 'none'; script-src");
    for (Element script : page.select("script:not([type])")) {
      expected.append(" 'sha256-").append(sha256(script.data())).append('\'');
    }
    expected.append("; style-src");
    for (Element style : page.select("style")) {
      expected.append(" 'sha256-").append(sha256(style.data())).append('\'');
    }
    expected.append("; base-uri 'none'; form-action 'none'");
    assertEquals(expected.toString(), page.select("meta[http-equiv=Content-Security-Policy]").attr("content"));
  }

  private static String sha256(String text) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(digest);
  }

  @Test
  void html_sameRuns_sameBytes() {
    Evaluation again =
        Evaluations.of(
            Evaluations.hostileRuns(), Evaluations.small(), List.of(Split.KNOWN_TASK, Split.UNSEEN_TASK), List.of(KEPT));
    assertEquals(html, Report.of(again).html());
    assertFalse(html.contains(System.getProperty("user.dir")));
  }

  @Test
  void data_policies_areThoseOfTheProtocol() {
    for (int split = 0; split < 2; split++) {
      Results results = evaluation.judged().get(split).results();
      for (int price = 0; price < 2; price++) {
        JsonNode at = data.at("/splits/%d/at/%d".formatted(split, price));
        assertEquals(results.policies().size(), at.get("policies").size());
        for (JsonNode policy : at.get("policies")) {
          Results.Row row = results.row(policy.get("policy").asText(), price);
          assertEquals(row.saved(), policy.get("saved").asDouble(), 1e-4);
          assertEquals(row.regret(), policy.get("regret").asDouble(), 1e-4);
          JsonNode interval = policy.get("regret_interval");
          assertTrue(interval.get(0).asDouble() <= row.regret() + 1e-4, policy.toString());
          assertTrue(interval.get(1).asDouble() >= row.regret() - 1e-4, policy.toString());
        }
        double loss = 0;
        int judged = 0;
        for (JsonNode task : at.get("tasks")) {
          loss += task.get("loss").asDouble();
          judged += task.get("runs").asInt();
          assertTrue(task.get("few").asBoolean());
        }
        assertEquals(results.row(Results.LEARNED, price).loss(), loss / at.get("tasks").size(), 1e-4);
        assertEquals(results.runCount(), judged);
      }
    }
  }

  @Test
  void data_examples_showTheRunsAsTheyWereRecorded() {
    JsonNode at = data.at("/splits/0/at/1");
    Set<String> kinds = new TreeSet<>();
    boolean stoppedWithReason = false;
    for (JsonNode example : at.get("examples")) {
      example.get("kinds").forEach(kind -> kinds.add(kind.asText()));
      JsonNode shown = data.get("runs").get(example.get("run").asInt());
      Run run =
          runs.stream().filter(r -> r.context().run().equals(shown.get("run").asText())).findFirst().orElseThrow();
      for (int i = 0; i < shown.get("x").size(); i++) {
        long step = shown.get("x").get(i).asLong();
        double value =
            run.steps().stream().filter(s -> s.index() == step).findFirst().orElseThrow().value(run.context().objective().metric());
        assertEquals(value, shown.get("y").get(i).asDouble(), 1e-3 * Math.max(1e-3, Math.abs(value)));
      }
      boolean stopped = example.get("ours").get(4).asBoolean();
      assertEquals(stopped, !example.get("reason").isNull());
      stoppedWithReason |= stopped && example.get("drivers").size() > 0;
    }
    assertTrue(stoppedWithReason, "no run was stopped");
    assertTrue(kinds.containsAll(Set.of("borderline", "random sample")), kinds.toString());
  }

  @Test
  void data_quality_countsWhatWasLeftOut() {
    assertEquals(runs.size(), data.at("/history/runs").asInt());
    assertEquals(runs.size() - 1, data.at("/history/scored").asInt());
    assertEquals(1, data.at("/history/skipped").asInt());
    int censored = 0;
    for (JsonNode row : data.at("/history/usability")) {
      censored += row.get(0).asText().startsWith("censored") ? row.get(1).asInt() : 0;
    }
    assertEquals(1, censored);
    assertEquals(0, data.at("/splits/1/leakage/sameTask").asInt());
  }

  @Test
  void html_inABrowser_drawsWithoutAComplaintAtBothSizes(@TempDir Path folder) throws Exception {
    Optional<Path> program = Browser.find();
    assumeTrue(
        program.isPresent(),
        "there is no Chromium on the path, so the report was not looked at in a browser; install one, or name it in STOPCAST_BROWSER");
    Path file = Files.writeString(folder.resolve("report.html"), html);
    try (Browser browser = new Browser(program.get(), Files.createDirectory(folder.resolve("profile")))) {
      for (int width : new int[] {390, 1280}) {
        browser.open(file, width, 900, width == 390);
        assertEquals(
            "document.title is Stopcast report",
            "document.title is " + browser.evaluate("document.title").asText());
        assertEquals(width, browser.evaluate("innerWidth").asInt());
        assertTrue(browser.evaluate("document.documentElement.scrollWidth").asInt() <= width, "something sticks out");
        // Draws what is drawn when it comes near only, then shows every kind of example, price and split.
        browser.evaluate("dispatchEvent(new Event('beforeprint')); dispatchEvent(new Event('afterprint'))");
        browser.evaluate(
            "document.querySelectorAll('.choice button').length && [...Array(12).keys()].forEach(i => {"
                + " const all = document.querySelectorAll('.choice button'); all[i % all.length].click(); })");
        browser.evaluate("document.querySelectorAll('th button').forEach(b => b.click())");
        browser.evaluate("dispatchEvent(new Event('beforeprint')); dispatchEvent(new Event('afterprint'))");
        browser.evaluate(
            "document.querySelectorAll('input[type=range]').forEach(r => { r.value = 3; r.dispatchEvent(new Event('input')); })");
        assertTrue(browser.evaluate("document.querySelectorAll('.uplot canvas').length").asInt() > 8);
        assertEquals(0, browser.evaluate("document.querySelectorAll('#content img, #content svg, #content script').length").asInt());
        assertEquals(Evaluations.HOSTILE.size(), browser.evaluate("document.querySelectorAll('#task-rows tbody tr').length").asInt());
        assertTrue(
            browser.evaluate("document.getElementById('task-rows').textContent").asText().contains("t" + Evaluations.HOSTILE.get(1)));
        assertEquals(List.of(), browser.complaints());
      }
    }
  }

  @Test
  void plots_everyOneIsAPictureTwice_andTheSameTheNextTime() throws Exception {
    assumeTrue(Report.canPlot(), "there are no fonts, so that no plot was drawn; install fontconfig and any TrueType font");
    SortedMap<String, byte[]> plots = report.plots();
    Set<String> names = new TreeSet<>();
    for (String split : List.of("known", "unseen-task")) {
      for (String price : List.of("0.1", "1.5")) {
        for (String plot : List.of("trade-off", "intermediate-values", "reliability", "parameter-importances", "by-share")) {
          names.add("%s-%s-%s.png".formatted(split, price, plot));
          names.add("%s-%s-%s.svg".formatted(split, price, plot));
        }
      }
    }
    for (String price : List.of("0.1", "1.5")) {
      names.add("learning-curve-" + price + ".png");
      names.add("learning-curve-" + price + ".svg");
    }
    assertEquals(names, plots.keySet());
    for (Map.Entry<String, byte[]> plot : plots.entrySet()) {
      ByteArrayInputStream in = new ByteArrayInputStream(plot.getValue());
      if (plot.getKey().endsWith(".png")) {
        BufferedImage image = ImageIO.read(in);
        assertTrue(image.getWidth() >= 1000 && colours(image) > 20, plot.getKey());
      } else {
        org.w3c.dom.Document svg = withoutNetwork().newDocumentBuilder().parse(in);
        assertEquals("svg", svg.getDocumentElement().getTagName());
        assertTrue(svg.getElementsByTagName("*").getLength() > 30, plot.getKey());
        assertEquals(0, svg.getElementsByTagName("script").getLength() + svg.getElementsByTagName("img").getLength());
      }
    }
    report.plots().forEach((name, bytes) -> assertArrayEquals(plots.get(name), bytes, name));
  }

  private static DocumentBuilderFactory withoutNetwork() throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory;
  }

  private static int colours(BufferedImage image) {
    Set<Integer> colours = new TreeSet<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colours.add(image.getRGB(x, y));
      }
    }
    return colours.size();
  }

  @Test
  void headline_learnerThatNeverStops_saysThatNothingIsShown() {
    Learner never = (training, prices) -> () -> Collections.nCopies(prices.length, StopPolicy.NEVER);
    Report nothing = Report.of(Evaluations.of(runs, never, List.of(Split.KNOWN_TASK), List.of()));
    Headline headline = nothing.headlines().get(0).get(0);
    assertEquals(
        "At a price of 0.1, on 95 held-out runs of 12 tasks, Stopcast saves 0.0 % of the compute for a mean regret of 0.00 % of what"
            + " a task has to gain.",
        headline.lead());
    assertTrue(headline.verdict().endsWith("No difference from never stopping is shown."), headline.verdict());
    assertEquals(
        "No limit on the harm was promised, so none can be checked: these are averages over past runs.", headline.promise());
    JsonNode at = new ObjectMapper().valueToTree(nothing.data()).at("/splits/0/at/0");
    assertEquals(0, at.get("importances").size());
    assertEquals(0, at.get("reliability").size());
    assertTrue(nothing.html().length() > 100_000);
  }

  @ParameterizedTest(name = "observed {0}: {1}")
  @CsvSource({"0.04, held", "0.12, NOT held"})
  void headline_promise_saysWhetherItHeld(double observed, String expected) {
    Results results = evaluation.judged().get(0).results();
    String what = "the share of runs that lose more than 0.02";
    Promise promise = new Promise(results.split(), results.prices()[0], what, .1, observed, new Interval(.01, .2), .25, 96);
    Promise atAnotherPrice = new Promise(results.split(), 7, what, .1, 1, new Interval(1, 1), 0, 96);
    Headline headline =
        Headline.of(
            results,
            0,
            ResultsText.comparison(results, 0),
            List.of(atAnotherPrice, promise));
    assertEquals(
        "Promised: the share of runs that lose more than 0.02 is at most 10.0 %%. Within that limit 25.0 %% of the compute is saved, and it was %.1f %% [1.0, 20.0]: %s."
            .formatted(100 * observed, expected),
        headline.promise());
  }

  @ParameterizedTest
  @CsvSource({"plain, 10, plain", "a<b>&c, 10, a<b>&c", "0123456789abc, 10, 0123456..."})
  void cut_text_fitsAndStaysText(String text, int most, String expected) {
    assertEquals(expected, Plots.cut(text, most));
    assertEquals("?x?", Plots.cut("\u202Ex\u0000", 10));
  }
}
