// Accounts, tokens for programs, and the trail of who changed what. For administrators.
import '../styles/access.css';
import type { JSX } from 'preact';
import { useSession } from '../state/session';
import { AccountList } from '../parts/account-list';
import { AuditTrail } from '../parts/audit-trail';
import { TokenList } from '../parts/token-list';

export function AccountsPage(): JSX.Element {
  const view = useSession();
  return (
    <main id="main" class="access">
      <div class="toolbar"><h1>Accounts</h1></div>
      {!view.known ? <p role="status">The gateway has not answered yet.</p>
        : !view.may('admin') ? <section class="empty"><h2>For administrators</h2><p>Accounts, tokens and the audit trail need the role administrator. <a href="#/login">To your own account</a></p></section>
        : <>
            {view.open ? <section class="panel"><p>This gateway runs as an open trial: nobody has to sign in, and accounts made here count once it is started without <code>--open-on-loopback</code>.</p></section> : null}
            <AccountList person={view.person} />
            <TokenList />
            <AuditTrail />
          </>}
    </main>
  );
}
