/** Playing recorded runs to policies, and judging them: outcomes, tuned baselines, the protocol. */
package io.stopcast.replay;
