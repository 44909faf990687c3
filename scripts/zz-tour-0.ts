import { chromium } from 'playwright';
(async()=>{
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']});
const p=await b.newPage({viewport:{width:1440,height:900}});
p.on('pageerror',e=>console.log('PAGEERR',e.message));
p.on('console',m=>{if(m.type()=='error')console.log('CONSOLE',m.text())});
await p.goto('http://localhost:4173');
await p.waitForTimeout(4000);
await p.screenshot({path:'/tmp/tour2/0-start.png'});
const els=await p.evaluate(()=>[...document.querySelectorAll('button,input,select,textarea,summary,a')].map((e:any)=>e.tagName+' '+(e.type||'')+' ['+(e.getAttribute('aria-label')||e.name||e.id||'')+'] '+(e.innerText||'').slice(0,60).replace(/\n/g,' | ')+' t='+(e.title||'')));
console.log(els.join('\n'));
await b.close();
})();
