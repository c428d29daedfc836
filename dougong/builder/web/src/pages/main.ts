/** What every page that the server renders loads: htmx, kept from evaluating or injecting anything. */
import htmx from 'htmx.org';

htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.includeIndicatorStyles = false;
