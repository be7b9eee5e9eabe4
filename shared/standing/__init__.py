"""The routes that every service has: is it alive, is it ready, what has it counted, done, queued and given up on."""

from shared.auth.guard import guarded_router
from shared.standing.acts import router as acts
from shared.standing.dead_letters import router as dead_letters
from shared.standing.health import router as health
from shared.standing.jobs import router as jobs

router = guarded_router(health, acts, jobs, dead_letters)
