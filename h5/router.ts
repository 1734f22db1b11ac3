import { createRouter, createWebHistory } from 'vue-router'
import { useSession } from './core/session.ts'

/** Every page is its own chunk; `/` is the rep's today, a supervisor's live map, and HR's own page. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'today', component: () => import('./today/TodayPage.vue') },
    {
      path: '/customers',
      name: 'customers',
      component: () => import('./customers/CustomersPage.vue'),
    },
    { path: '/tracks', name: 'tracks', component: () => import('./tracks/TracksPage.vue') },
    { path: '/me', name: 'me', component: () => import('./me/MePage.vue') },
    { path: '/live', name: 'live', component: () => import('./live/LivePage.vue') },
    { path: '/inbox', name: 'inbox', component: () => import('./inbox/InboxPage.vue') },
    { path: '/team', name: 'team', component: () => import('./people/TeamPage.vue') },
    {
      path: '/people/:id/days/:date',
      name: 'day',
      component: () => import('./tracks/DayPage.vue'),
      props: true,
    },
    {
      path: '/settings/contacts',
      name: 'contacts',
      component: () => import('./settings/ContactsPage.vue'),
    },
    {
      path: '/settings/wecom',
      name: 'wecom-setup',
      component: () => import('./settings/WecomPage.vue'),
    },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})

router.beforeEach(async (to) => {
  const session = useSession()
  await session.load()
  if (to.name === 'today' && session.me !== null && session.home !== 'today') {
    return { name: session.home }
  }
  return true
})
